/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, render, screen } from '@testing-library/react';
import { CallFigures } from './overview-flow.tsx';
import { HealingCounts } from './overview-healing.tsx';
import { dayBefore, errorRate } from './overview-parts.tsx';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
afterEach(cleanup);

const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString();
const calls = (secondsAgo: number) => ({
  ...{ today: { calls: 0, errors: 0 }, last_30_days: { calls: 1200, errors: 3 } },
  observed_at: at(secondsAgo),
});

describe('a part of the overview', () => {
  it('is unknown while its service does not respond, and shows no number', () => {
    render(<CallFigures calls={null} />);
    expect(screen.getByText(/Unknown: billing does not respond now/)).toBeTruthy();
    expect(screen.queryByRole('link')).toBeNull();
  });

  it('shows numbers that open their lists, and how old they are', () => {
    render(<CallFigures calls={calls(12)} />);
    const figure = screen.getByRole('link', { name: '1,200, 30 days' });
    expect(figure.getAttribute('href')).toBe('/admin/partners');
    expect(screen.getByText('12 s old')).toBeTruthy();
    expect(screen.getByText(/^0\.25% with an error/)).toBeTruthy();
    expect(screen.getByText('no call yet')).toBeTruthy();
  });

  it('is grey and says so when it is old', () => {
    render(<CallFigures calls={calls(120)} />);
    expect(screen.getByText(/unknown for 2 min/)).toBeTruthy();
    expect(screen.getByRole('link', { name: '1,200, 30 days' }).className).toContain('text-unknown');
  });

  it('knows what is open without the history, whose figures are unknown and not zero', () => {
    const healing = {
      ...{ open_incidents: 2, escalated_incidents: 1, latest_open: null, pauses: 0, all_paused: false },
      ...{ history: null, observed_at: at(0) },
    };
    const health = { status: 'pass' as const, observed_at: at(0), components: 10, impaired: [] };
    render(<HealingCounts health={health} healing={healing} freshForS={10} />);
    expect(screen.getByRole('link', { name: '2, Open incidents' }).getAttribute('href')).toBe(
      '/admin/healing/incidents?status=unresolved',
    );
    expect(screen.getAllByText('unknown')).toHaveLength(2);
    expect(screen.queryByRole('link', { name: /Healed today/ })).toBeNull();
  });
});

it('counts days back in UTC', () => {
  expect(dayBefore('2026-11-28T00:10:00.000Z', 0)).toBe('2026-11-28');
  expect(dayBefore('2026-11-28T23:50:00.000Z', 6)).toBe('2026-11-22');
});

it('has no error rate without a call', () => {
  expect(errorRate({ calls: 0, errors: 0 })).toBeNull();
  expect(errorRate({ calls: 4, errors: 1 })).toBe(0.25);
});
