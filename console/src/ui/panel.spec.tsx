/** @jest-environment jsdom */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { UseQueryResult } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { Age, Panel, Section } from './panel.tsx';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
afterEach(() => {
  cleanup();
  jest.useRealTimers();
});

let broken = true;
function Part() {
  if (broken) throw new Error('a bug');
  return <p>mended</p>;
}

const query = (part: Partial<UseQueryResult<string, Error>>) =>
  ({
    fetchStatus: 'fetching',
    dataUpdatedAt: Date.now(),
    refetch: jest.fn(),
    ...part,
  }) as unknown as UseQueryResult<string, Error>;
const shown = (part: Partial<UseQueryResult<string, Error>>) =>
  render(
    <Panel title="Calls" query={query(part)}>
      {(text) => <p>{text}</p>}
    </Panel>,
  );

describe('a panel', () => {
  it('shows a skeleton for 8 s at most, then a sentence and a button', () => {
    jest.useFakeTimers();
    shown({});
    expect(screen.queryByText(/longer than it should/)).toBeNull();
    act(() => jest.advanceTimersByTime(8000));
    expect(screen.getByText(/longer than it should/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });
  it('shows that the browser is offline instead of an endless skeleton', () => {
    shown({ fetchStatus: 'paused' });
    expect(screen.getByText(/You are offline/)).toBeTruthy();
  });
  it('shows an error with its request id, and tries again', () => {
    const error = Object.assign(new Error('no'), {
      code: 'A.B',
      status: 503,
      requestId: 'req_1',
      retryAfterMs: null,
      errors: [],
    });
    const refetch = jest.fn();
    shown({ error, fetchStatus: 'idle', refetch: refetch as never });
    expect(screen.getByRole('alert').textContent).toContain('req_1');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(refetch).toHaveBeenCalledTimes(1);
  });
  it('keeps its content when a later fetch fails', () => {
    shown({ data: 'five', error: new Error('no') });
    expect(screen.getByText('five')).toBeTruthy();
  });
  it('does not break the page when it breaks', () => {
    const quiet = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    broken = true;
    render(
      <>
        <p>the rest</p>
        <Section title="Calls">
          <Part />
        </Section>
      </>,
    );
    expect(screen.getByText('the rest')).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toContain('a bug');
    broken = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(screen.getByText('mended')).toBeTruthy();
    quiet.mockRestore();
  });
});

describe('an age', () => {
  it('is unknown after its time, never good', () => {
    render(<Age at={new Date(Date.now() - 60_000).toISOString()} freshForS={3} />);
    expect(screen.getByText(/unknown for/).textContent).toContain('1 min');
  });
  it('shows its age within its time', () => {
    render(<Age at={new Date(Date.now() - 10_000).toISOString()} freshForS={30} />);
    expect(screen.getByText(/10 s old/)).toBeTruthy();
  });
});
