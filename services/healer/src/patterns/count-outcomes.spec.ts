import { describe, expect, it } from '@jest/globals';
import { aPattern, START, sighting } from '../../test/learned-patterns.ts';
import { chooseDeciding, countOutcomes, fadeOut } from './count-outcomes.ts';
import { mayDecide, satisfiesRule } from './decision-rule.ts';
import { HALF_LIFE_MS } from './fading.ts';
import type { PatternRecord } from './pattern.ts';

const count = (record: PatternRecord, healed: number, failed: number, at = START): PatternRecord =>
  countOutcomes(record, { healed, failed, firstAt: at, lastAt: at }, sighting, at);
const settle = (record: PatternRecord, at = START): PatternRecord => chooseDeciding([record], at)[0]!;
const deciding = () => settle(count(aPattern(), 10, 0));

describe('a strategy that heals an error', () => {
  it('decides with the tenth success, not with the ninth', () => {
    let record = aPattern();
    for (let i = 1; i <= 9; i++) record = settle(count(record, 1, 0, START + i), START + i);
    expect(record).toMatchObject({ state: 'learning', samples: 9 });
    record = settle(count(record, 1, 0, START + 10), START + 10);
    expect(record).toMatchObject({ state: 'deciding', origin: 'learned' });
    expect(record.why).toBe('100% healed of 10, lower bound 0.72');
  });

  it.each([
    [9, 1, false], // 90%, but the lower bound is 0.596
    [8, 2, false],
    [16, 4, false], // 80% is not more than 80%
    [80, 20, false], // nor is it of many
    [17, 3, true],
    [19, 1, true],
    [100, 26, false], // the bound would do, the rate does not
  ])('with %i healed and %i failed: %p', (healed, failed, decides) => {
    expect(satisfiesRule(count(aPattern(), healed, failed), START)).toBe(decides);
  });

  it('is demoted at once when it fails three times in a row, and not before', () => {
    let record = settle(count(aPattern(), 1000, 0));
    for (let i = 1; i <= 2; i++) record = settle(count(record, 0, 1, START + i), START + i);
    expect(record.state).toBe('deciding');
    record = settle(count(record, 1, 0, START + 3), START + 3);
    record = settle(count(record, 0, 2, START + 4), START + 4);
    expect(record).toMatchObject({ state: 'deciding', consecutiveFailures: 2 });
    record = settle(count(record, 0, 1, START + 5), START + 5);
    expect(record).toMatchObject({ state: 'demoted', samples: 0, demotedAt: START + 5 });
    expect(record.why).toBe('demoted: it failed 3 times in a row');
  });

  it('is demoted at once when failures bring it below the rule', () => {
    const record = settle(count(deciding(), 1, 2, START + 1), START + 1);
    expect(record).toMatchObject({ state: 'demoted', evidence: { healed: 0, failed: 0 } });
    expect(record.why).toContain('85% healed of 13');
  });

  it('does not take failures among successes of one capture for a row', () => {
    const record = settle(count(deciding(), 90, 3, START + 1), START + 1);
    expect(record).toMatchObject({ state: 'deciding', consecutiveFailures: 0 });
  });

  it('that was demoted needs the whole ten again, and what happened before does not count', () => {
    let record = settle(count(settle(count(aPattern(), 1000, 0)), 0, 3, START + 1), START + 1);
    expect(record.state).toBe('demoted');
    record = settle(count(record, 50, 0, START + 1), START + 1);
    expect(record).toMatchObject({ state: 'demoted', samples: 0, healedEver: 1050 });
    record = settle(count(record, 9, 0, START + 2), START + 2);
    expect(record).toMatchObject({ state: 'demoted', samples: 9 });
    record = settle(count(record, 1, 0, START + 3), START + 3);
    expect(record).toMatchObject({ state: 'deciding', samples: 10 });
  });

  it('ends to decide when what it showed is too old, and has not failed by that', () => {
    const record = deciding();
    expect(fadeOut(record, START + HALF_LIFE_MS / 2)).toBe(record);
    const faded = fadeOut(record, START + HALF_LIFE_MS);
    expect(faded).toMatchObject({ state: 'learning', samples: 10, demotedAt: null });
    const again = START + HALF_LIFE_MS + 1;
    expect(settle(count(faded, 1, 0, again), again).state).toBe('deciding');
  });

  it('weighs nothing more for a clock that is ahead', () => {
    const record = countOutcomes(
      aPattern(),
      { healed: 10, failed: 0, firstAt: START + 1, lastAt: START + HALF_LIFE_MS },
      sighting,
      START,
    );
    expect(record.evidence.at).toBe(START);
  });
});

describe('of several strategies for one error', () => {
  const retry = (healed: number, failed: number) =>
    count(aPattern({ id: 'pat_1', strategy: 'RETRY_WITH_BACKOFF' }), healed, failed);
  const reset = (healed: number, failed: number) =>
    count(aPattern({ id: 'pat_2', strategy: 'RESET_CONNECTION' }), healed, failed);
  const states = (records: PatternRecord[]) =>
    Object.fromEntries(records.map(({ state, strategy }) => [strategy, state]));

  it('the one with the best lower bound decides, and only that', () => {
    const first = chooseDeciding([retry(10, 0), reset(5, 0)], START);
    expect(states(first)).toEqual({ RETRY_WITH_BACKOFF: 'deciding', RESET_CONNECTION: 'learning' });
    const second = chooseDeciding([first[0]!, reset(50, 0)], START);
    expect(states(second)).toEqual({ RETRY_WITH_BACKOFF: 'learning', RESET_CONNECTION: 'deciding' });
    expect(second[0]!.why).toContain('RESET_CONNECTION heals it better');
  });

  it('the next best takes over when the best is demoted', () => {
    const [first, second] = chooseDeciding([retry(100, 0), reset(20, 0)], START);
    const after = chooseDeciding([count(first!, 0, 3, START + 1), second!], START + 1);
    expect(states(after)).toEqual({ RETRY_WITH_BACKOFF: 'demoted', RESET_CONNECTION: 'deciding' });
  });

  it('a real answer goes before a substitute that always succeeds', () => {
    const substitute = count(aPattern({ id: 'pat_3', strategy: 'FALLBACK_TO_CACHE' }), 1000, 0);
    expect(states(chooseDeciding([substitute, retry(90, 10)], START))).toEqual({
      FALLBACK_TO_CACHE: 'learning',
      RETRY_WITH_BACKOFF: 'deciding',
    });
    expect(states(chooseDeciding([substitute, retry(5, 50)], START))).toEqual({
      FALLBACK_TO_CACHE: 'deciding',
      RETRY_WITH_BACKOFF: 'learning',
    });
  });
});

describe("a model's verdict", () => {
  const trial = () => aPattern({ origin: 'model', state: 'trial', countedFrom: START });
  const later = START + 1000;

  it('decides with the fifth success', () => {
    const four = settle(count(trial(), 4, 0, later), later);
    expect(four).toMatchObject({ state: 'trial', verified: 4 });
    expect(settle(count(four, 1, 0, later), later)).toMatchObject({
      state: 'deciding',
      origin: 'model',
      verified: 5,
    });
  });

  it.each([0, 4, 5, 500])('fails with the first failure after %i successes', (successes) => {
    const tried = successes > 0 ? settle(count(trial(), successes, 0, later), later) : trial();
    const failed = settle(count(tried, 0, 1, later + 1), later + 1);
    expect(failed).toMatchObject({ state: 'demoted', origin: 'model', verified: 0, samples: 0 });
    expect(failed.why).toContain(`failed after ${successes} successes`);
  });

  it('is not verified by what happened before its trial', () => {
    const early = settle(count(trial(), 5, 0, START), later);
    expect(early).toMatchObject({ state: 'trial', verified: 0 });
  });

  it('is not verified by a capture in which it failed too', () => {
    expect(settle(count(trial(), 20, 1, later), later).state).toBe('demoted');
  });

  it('that failed decides again only as everything learned does, and then is no longer the model’s', () => {
    let record = settle(count(trial(), 0, 1, later), later);
    record = settle(count(record, 5, 0, later + 1), later + 1);
    expect(record).toMatchObject({ state: 'demoted', verified: 0 });
    record = settle(count(record, 5, 0, later + 2), later + 2);
    expect(record).toMatchObject({ state: 'deciding', origin: 'learned' });
  });

  it('yields to a learned strategy that is surer, and takes its place when that fails', () => {
    const learned = aPattern({ id: 'pat_9', strategy: 'RESET_CONNECTION' });
    const proved = settle(count(trial(), 5, 0, later), later);
    const [verdict, surer] = chooseDeciding([proved, count(learned, 20, 0, later)], later);
    expect([verdict!.state, surer!.state]).toEqual(['trial', 'deciding']);
    const after = chooseDeciding([verdict!, count(surer!, 0, 3, later + 1)], later + 1);
    expect(after.map(({ state, origin }) => `${state} ${origin}`)).toEqual([
      'deciding model',
      'demoted learned',
    ]);
  });

  it('does not decide by the numbers of what is learned while it is on trial', () => {
    expect(
      mayDecide({ ...count(aPattern(), 4, 0), samples: 10, origin: 'model', state: 'trial' }, START),
    ).toBe(false);
  });
});
