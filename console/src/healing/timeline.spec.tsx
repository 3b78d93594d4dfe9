/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { Timeline } from './timeline.tsx';
import type { TimelineEntry } from './timeline-rows.ts';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
afterEach(cleanup);

const entry = (ms: number, what: TimelineEntry['what']): TimelineEntry => ({
  at: new Date(Date.UTC(2026, 10, 28) + ms).toISOString(),
  what,
  text: `entry ${ms}`,
});
/** By the DOM: the tree of roles of so many rows takes seconds. */
const rows = () => document.querySelectorAll('li').length;

describe('a timeline of 5,000 entries', () => {
  it('renders 200 rows, and more when a person asks for them', () => {
    const kinds = ['acted', 'guarded'] as const;
    render(<Timeline timeline={Array.from({ length: 5000 }, (_, n) => entry(n, kinds[n % 2] ?? 'acted'))} />);
    expect(rows()).toBe(200);
    fireEvent.click(screen.getByText('Show 100 more of 4800'));
    expect(rows()).toBe(300);
  });

  it('renders the entries of a group once it is open', () => {
    const { container } = render(
      <Timeline timeline={Array.from({ length: 5000 }, (_, n) => entry(n, 'joined'))} />,
    );
    expect(rows()).toBe(1);
    const group = container.querySelector('details') as HTMLDetailsElement;
    act(() => {
      group.open = true;
      fireEvent(group, new Event('toggle'));
    });
    expect(rows()).toBe(1 + 200);
  });
});
