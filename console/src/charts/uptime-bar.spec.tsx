/** @jest-environment jsdom */
import { afterEach, expect, it, jest } from '@jest/globals';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { UptimeBar } from './uptime-bar.tsx';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
afterEach(cleanup);

const steps = [
  { at: '2026-11-26', label: '26 Nov', up: null },
  { at: '2026-11-27', label: '27 Nov', up: 0.5, degraded: 0.25 },
  { at: '2026-11-28', label: '28 Nov', up: 1 },
];

it('says every step in words', () => {
  render(<UptimeBar caption="Three days" unit="Day" steps={steps} />);
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    '◌ 26 Nov: no data',
    '■ 27 Nov: 50% up, 25% degraded',
    '● 28 Nov: 100% up',
  ]);
  expect(screen.queryByRole('slider')).toBeNull();
});

it('chooses a step when the slider is released, and not before', () => {
  const onChoose = jest.fn();
  render(<UptimeBar caption="Three days" unit="Day" steps={steps} chosen="2026-11-28" onChoose={onChoose} />);
  const slider = screen.getByRole('slider', { name: 'Day' });
  expect(slider.getAttribute('aria-valuetext')).toBe('28 Nov: 100% up');
  fireEvent.change(slider, { target: { value: '1' } });
  expect(slider.getAttribute('aria-valuetext')).toBe('27 Nov: 50% up, 25% degraded');
  fireEvent.change(slider, { target: { value: '0' } });
  expect(onChoose).not.toHaveBeenCalled();
  fireEvent.keyUp(slider);
  expect(onChoose.mock.calls).toEqual([['2026-11-26']]);
});
