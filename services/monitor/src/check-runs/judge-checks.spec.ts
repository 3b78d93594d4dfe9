import type { CheckRun } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { type CheckFacts, isOffline, judgeChecks, stateOf } from './judge-checks.ts';

const NOW = Date.UTC(2026, 0, 5, 10);
const run = (passed: boolean, detail: string | null = null, step: CheckRun['step'] = null): CheckRun => ({
  ...{ at: '2026-01-05T10:00:00.000Z', passed, response_time_ms: null, detail, step, attempts: 1 },
});
const facts = (name: string, type: CheckFacts['check']['type'], passed: boolean, more = {}): CheckFacts => ({
  check: {
    name,
    type,
    enabled: true,
    muted_until: null,
    can_be_muted: ['external', 'business'].includes(type),
  },
  configured: true,
  judgement: passed ? 'passing' : 'failing',
  since: NOW - 60_000,
  last: run(passed, passed ? null : `${name} is away`),
  silencedBy: [],
  ...more,
});
const servers = (passed = true) => [
  facts('postgres', 'database', true),
  facts('redis', 'cache', passed),
  facts('nats', 'bus', true),
];

describe('judgeChecks', () => {
  it('makes one condition of all external services that fail, while one of them works', () => {
    const external = [
      facts('smtp', 'external', false, { since: NOW - 90_000 }),
      facts('twilio', 'external', false),
      facts('model', 'external', true),
    ];
    expect(judgeChecks([...servers(), ...external], NOW)).toEqual([
      {
        signal: 'external.unresponsive',
        target: { kind: 'service', name: 'healer', process: 'healer' },
        beganAt: NOW - 90_000,
        suspects: [],
        evidence: {
          checks: ['smtp', 'twilio'],
          error: 'smtp: smtp is away; twilio: twilio is away',
        },
      },
    ]);
  });

  it('reports none of them when all fail together: then monitor is offline', () => {
    const external = [facts('smtp', 'external', false), facts('model', 'external', false)];
    const all = [...servers(), ...external];
    expect([isOffline(all), judgeChecks(all, NOW)]).toEqual([true, []]);
    expect(stateOf(external[0]!, true, NOW)).toBe('silenced');
    // A server that fails as well, or a single external service, proves nothing about the way out.
    expect(isOffline([...servers(false), ...external])).toBe(false);
    expect(isOffline([...servers(), external[0]!])).toBe(false);
    const off = facts('twilio', 'external', true, { configured: false, last: null, judgement: 'unknown' });
    expect(isOffline([...all, off])).toBe(true);
  });

  it('names the service of the step that failed', () => {
    const business = (step: CheckRun['step']) =>
      facts('partner-call', 'business', false, { last: run(false, 'status 500', step) });
    for (const [step, name] of [
      ['login', 'auth'],
      ['call', 'gateway'],
      ['count', 'billing'],
    ] as const)
      expect(judgeChecks([business(step)], NOW)[0]).toMatchObject({
        signal: 'business.failing',
        target: { name },
        evidence: { check: 'partner-call', step, error: 'status 500' },
      });
  });

  it('says nothing of what is disabled, muted or not configured, and none of it is passing', () => {
    const smtp = facts('smtp', 'external', false);
    const muted_until = new Date(NOW + 1).toISOString();
    const quiet = [
      { ...smtp, check: { ...smtp.check, enabled: false } },
      { ...smtp, check: { ...smtp.check, muted_until } },
      { ...smtp, configured: false },
    ];
    expect(quiet.map((one) => stateOf(one, false, NOW))).toEqual(['disabled', 'muted', 'not_configured']);
    expect(judgeChecks(quiet, NOW)).toEqual([]);
    expect(judgeChecks([quiet[1]!], NOW + 1)).toHaveLength(1);
  });

  it('is silenced by what it depends on, unless it ran all the same and passed', () => {
    const silenced = { silencedBy: ['postgres'] };
    const call = facts('partner-call', 'business', true, silenced);
    expect(stateOf(call, false, NOW)).toBe('silenced');
    expect(stateOf(facts('postgres-writes', 'database', true, silenced), false, NOW)).toBe('passing');
    const failed = { ...silenced, judgement: 'passing' };
    expect(stateOf(facts('postgres-writes', 'database', false, failed), false, NOW)).toBe('silenced');
    expect(judgeChecks([{ ...call, judgement: 'degraded', last: run(false) }], NOW)).toEqual([]);
  });
});
