import { REMEDIES, REMEDY_NAMES, type RemedyName, type RemedyRow } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { billing } from '../../test/symptoms.ts';
import type { Act } from './act.ts';
import { fewAtOnce } from './few-at-once.ts';
import { fleetBreakerClosed } from './fleet-breaker.ts';
import { endsProcess, isHarmless, type ProposedAct } from './guard-decision.ts';
import { notMyself } from './valid-target.ts';

const now = Date.UTC(2026, 0, 5, 10);
const UNLISTED = 'platform.reimage' as RemedyName;
const act = (remedy: RemedyName): ProposedAct => ({
  id: 'a',
  incidentId: 'inc_1',
  rule: 'r',
  remedy,
  target: billing,
});
const running: Act = {
  id: 'b',
  incident_id: 'inc_2',
  rule: 'r',
  remedy: 'platform.restart',
  name: 'auth',
  process: 'auth',
  at: new Date(now - 1000).toISOString(),
  state: 'running',
};
const ledger = { acts: [running], breaker_closed_at: null };
const limits = { limit: 1, windowMs: 60_000 };
const guards = (remedy: RemedyName) => ({
  fewAtOnce: fewAtOnce(act(remedy), [running], 1, now).allowed,
  fleetBreaker: fleetBreakerClosed(act(remedy), ledger, limits, now).allowed,
  notMyself: notMyself(act(remedy), 'billing').allowed,
});

describe('the effect of a remedy', () => {
  it.each(REMEDY_NAMES)('%s: guards that count what takes a process away go by its row', (remedy) => {
    const row: RemedyRow = REMEDIES[remedy];
    const allowed = row.effect !== 'disruptive' && !row.endsProcess;
    expect(guards(remedy)).toEqual({ fewAtOnce: allowed, fleetBreaker: allowed, notMyself: allowed });
  });

  it('is disruptive for everything that ends a process, but for a replacement, which the guards count all the same', () => {
    const ends = (verb: object | null) => /restart|drain|stop|replace/.test(JSON.stringify(verb));
    const ending = REMEDY_NAMES.filter((remedy) => ends(REMEDIES[remedy].verb));
    expect(ending.filter((remedy) => REMEDIES[remedy].effect !== 'disruptive')).toEqual(['platform.replace']);
    for (const remedy of ending) expect(endsProcess(remedy)).toBe(true);
  });

  it('is taken for disruptive when the catalogue has no such remedy', () => {
    expect(guards(UNLISTED)).toEqual({ fewAtOnce: false, fleetBreaker: false, notMyself: false });
    expect(isHarmless(UNLISTED)).toBe(false);
  });
});
