import { describe, expect, it } from '@jest/globals';
import type { Report } from './report.ts';
import { renderScorecard, spreadOf } from './summarize-suite.ts';

const report = (change: Partial<Report>): Report => ({
  experiment: 'service-kill',
  target: 'billing',
  healed: true,
  decided_by: 'playbook',
  ms: { observed: 1200, decided: 1210, acted: 1300, verified: 4000, first_good_request: 900 },
  requests: { ok: 300, failed: { '503': 12 } },
  longest_gap_ms: 950,
  actions: ['platform.ensure-running billing'],
  incident_id: 'inc_1',
  mailed: true,
  passed: true,
  problems: [],
  incidents: 1,
  mails: 1,
  mails_from: 'sink',
  observed_by: 'monitor',
  last_failure_ms: 800,
  acknowledged_writes_lost: 0,
  usage: null,
  notes: [],
  ...change,
});
const facts = { date: '2026-11-01', machine: '2 cores, 8 GB, Linux', repeat: 1, controlSeconds: 300 };

describe('spreadOf', () => {
  it('takes the middle and the nearest rank of the 95th percentile', () => {
    expect(spreadOf([5])).toEqual({ median: 5, p95: 5 });
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 3, p95: 4 });
    expect(spreadOf(Array.from({ length: 40 }, (_, i) => i + 1))).toEqual({ median: 21, p95: 38 });
    expect(spreadOf([null, 7, null])).toEqual({ median: 7, p95: 7 });
    expect(spreadOf([null])).toEqual({ median: null, p95: null });
  });
});

describe('renderScorecard', () => {
  it('has a row an experiment and target', () => {
    const text = renderScorecard(
      [report({}), report({ experiment: 'none', target: null, actions: [] })],
      facts,
    );
    expect(text).toContain('**2 of 2 runs passed**');
    expect(text).toContain(
      '| service-kill | billing | yes | 1200 | 1210 | 1300 | 4000 | 900 | 950 | 12 of 312 | 0 | 1 | 1 | platform.ensure-running billing |',
    );
    expect(text).toContain('| none | – | yes |');
  });

  it('sums services up that partners call, apart from those that watch', () => {
    const slow = report({ target: 'auth', ms: { ...report({}).ms, first_good_request: 1100 } });
    const text = renderScorecard([report({}), slow, report({ target: 'healer' })], facts);
    expect(text).toContain(
      '| service-kill, gateway, auth, billing or support | 2 of 2 | 1200 / 1200 | 4000 / 4000 | 1000 / 1100 | 950 / 950 | 24 of 624 |',
    );
    expect(text).toContain('| service-kill, monitor or healer | 1 of 1 | 1200 |');
  });

  it('says what did not pass, and sums repetitions up', () => {
    const failed = report({
      passed: false,
      problems: ['2 mails instead of one'],
      mails: 2,
      ms: { ...report({}).ms, observed: 2000, verified: null },
    });
    const text = renderScorecard([report({}), failed], { ...facts, repeat: 2 });
    expect(text).toContain('| service-kill | billing | 1 of 2 | 1600 / 2000 |');
    expect(text).toContain('| 1, 2 |');
    expect(text).toContain('- service-kill billing: 2 mails instead of one');
  });
});
