/** @jest-environment jsdom */
import { afterEach, expect, it, jest } from '@jest/globals';
import { act, cleanup, render, screen } from '@testing-library/react';
import { Moment, useClock } from './moment.tsx';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
afterEach(() => {
  cleanup();
  jest.useRealTimers();
});

let renders = 0;
function Clock() {
  renders++;
  // Simulates a slow render: the clock has changed when React reads it again.
  const until = performance.now() + 3;
  while (performance.now() < until);
  return <p>{useClock()}</p>;
}

it('a clock renders once a second, also when a render is slow', () => {
  render(
    <>
      <Clock />
      <Clock />
    </>,
  );
  expect(renders).toBeLessThanOrEqual(6);
});

it('a time shows its zone, its ISO form on hover, and how long ago it was', () => {
  jest.useFakeTimers({ now: Date.parse('2026-11-28T14:03:22Z') });
  render(<Moment at="2026-11-28T14:00:22Z" relative />);
  const time = screen.getByTitle('2026-11-28T14:00:22.000Z');
  expect(time.textContent).toMatch(/28 Nov 2026, \d\d:00 \S+ · 3 min ago/);
  act(() => jest.advanceTimersByTime(60_000));
  expect(time.textContent).toContain('4 min ago');
});

it('null is shown as never', () => {
  render(<Moment at={null} />);
  expect(screen.getByText('never')).toBeTruthy();
});
