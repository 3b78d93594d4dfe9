import { describe, expect, it } from '@jest/globals';
import { drawTimeline } from './draw-timeline.ts';

describe('drawTimeline', () => {
  it('shows what was good, what failed and what happened when', () => {
    const records = Array.from({ length: 40 }, (_, i) => i * 100).flatMap((at) => [
      { route: 'GET /v1/me', sentAt: at, endedAt: at + 5, outcome: 'ok' },
      {
        route: 'GET /v1/plans',
        sentAt: at,
        endedAt: at + 5,
        outcome: at >= 1000 && at < 1500 ? '503' : 'ok',
      },
      {
        route: 'GET /v1/plans',
        sentAt: at + 50,
        endedAt: at + 55,
        outcome: at >= 1000 && at < 1700 ? 'timeout' : 'ok',
      },
    ]);
    const moments = [
      { ms: 0, what: 'injected' },
      { ms: 700, what: 'first good request' },
    ];
    expect(drawTimeline(records, moments, 1000, 4000)).toBe(
      [
        '                         0 s       1         2',
        'GET /v1/me     ████████████████████████████████████████',
        'GET /v1/plans  ██████████░░░░░▒▒███████████████████████',
        '                         └ 0 ms injected',
        '                                └ 700 ms first good request',
      ].join('\n'),
    );
  });

  it('takes a column that happened to be missed for no gap, and a longer one for one', () => {
    const sent = [0, 100, 300, 900, 1000];
    const records = sent.map((at) => ({ route: 'a', sentAt: at, endedAt: at + 5, outcome: 'ok' }));
    expect(drawTimeline(records, [], 1000, 1100).split('\n')[1]).toBe('a  ████     ██');
  });

  it('stays readable when the run was long', () => {
    const records = [{ route: 'a', sentAt: 0, endedAt: 5, outcome: 'ok' }];
    const width = Math.max(
      ...drawTimeline(records, [], 0, 300_000)
        .split('\n')
        .map((line) => line.length),
    );
    expect(width).toBeLessThanOrEqual(110);
  });
});
