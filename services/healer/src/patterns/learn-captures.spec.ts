import type { CapturedError, HealingStrategy, Pause } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pause } from '../../test/guard-under-test.ts';
import { aCapture, START } from '../../test/learned-patterns.ts';
import { DECISION_RULE } from './decision-rule.ts';
import { successRate } from './fading.ts';
import { learnCaptures, mayTrain } from './learn-captures.ts';
import { lowerBoundOf, type PatternRecord } from './pattern.ts';
import { patternsInUse } from './pattern-table.ts';
import { withoutFaded } from './pattern-upkeep.ts';

/** What a healer does with a stream of captures, with PostgreSQL left out: each capture counts once. */
class SimulatedLearning {
  records: readonly PatternRecord[] = [];
  readonly labels: Pause[] = [];
  readonly #counted = new Set<string>();

  take(captures: readonly CapturedError[], now: number): void {
    const counting = captures.filter(({ id }) => !this.#counted.has(id));
    const training = counting.filter((capture) => mayTrain(this.labels, 'billing', capture, now));
    for (const { id } of training) this.#counted.add(id);
    this.#replace(learnCaptures(this.records, 'billing', training, now));
  }

  upkeep(now: number): void {
    this.#replace(withoutFaded(this.records, now));
  }

  #replace(changed: readonly PatternRecord[]): void {
    const ids = new Set(changed.map(({ id }) => id));
    this.records = [...this.records.filter(({ id }) => !ids.has(id)), ...changed];
  }
}

const strategies: HealingStrategy[] = [
  'RETRY_WITH_BACKOFF',
  'RESET_CONNECTION',
  'FALLBACK_TO_CACHE',
  'ESCALATE',
];
const count = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 12 }) }, fc.constant(0));
const outcome = fc.record({ healed: count, failed: fc.oneof(fc.constant(0), fc.constant(0), count) });
const outcomes = fc.dictionary(fc.constantFrom(...strategies), outcome, { minKeys: 1, maxKeys: 3 });
/** What happened, and how long after the one before. Now and then nothing happens for days. */
const happening = fc.record({
  outcomes,
  fingerprint: fc.constantFrom('one', 'two', 'three'),
  afterMs: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 5000 }) },
    fc.integer({ min: 0, max: 9 * 24 * 3_600_000 }),
  ),
});
const stream = fc.array(happening, { minLength: 1, maxLength: 60 });

let ids = 0;
function play(happenings: readonly (typeof happening extends fc.Arbitrary<infer T> ? T : never)[]) {
  let at = START;
  return happenings.map(({ afterMs, fingerprint, outcomes }) => {
    at += afterMs;
    const time = new Date(at).toISOString();
    return {
      at,
      capture: aCapture(outcomes, { id: `c${++ids}`, fingerprint, first_at: time, last_at: time }),
    };
  });
}

const shownOf = (records: readonly PatternRecord[]) =>
  records
    .map(({ fingerprint, strategy, healedEver, failedEver }) => ({
      fingerprint,
      strategy,
      healedEver,
      failedEver,
    }))
    .sort((a, b) => (a.fingerprint + a.strategy < b.fingerprint + b.strategy ? -1 : 1));

describe('learning from a stream of outcomes', () => {
  it('lets nothing decide that does not satisfy the rule at that moment, and one strategy an error', () => {
    let decided = 0;
    let demoted = 0;
    fc.assert(
      fc.property(stream, (happenings) => {
        const learning = new SimulatedLearning();
        for (const { at, capture } of play(happenings)) {
          learning.upkeep(at);
          learning.take([capture], at);
          const deciding = learning.records.filter(({ state }) => state === 'deciding');
          for (const record of deciding) {
            decided++;
            expect(record.samples).toBeGreaterThanOrEqual(DECISION_RULE.samples);
            expect(successRate(record.evidence)).toBeGreaterThan(DECISION_RULE.successRate);
            expect(lowerBoundOf(record, at)).toBeGreaterThan(DECISION_RULE.lowerBound);
            expect(record.consecutiveFailures).toBeLessThan(DECISION_RULE.consecutiveFailures);
            expect(record.strategy).not.toBe('ESCALATE');
          }
          expect(new Set(deciding.map(({ fingerprint }) => fingerprint)).size).toBe(deciding.length);
          demoted += learning.records.filter(({ state }) => state === 'demoted').length;
          expect(
            Object.values(patternsInUse(learning.records, at))
              .map(({ strategy }) => strategy)
              .sort(),
          ).toEqual(deciding.map(({ strategy }) => strategy).sort());
        }
      }),
      { numRuns: 300 },
    );
    // Or all of the above would say nothing.
    expect(decided).toBeGreaterThan(100);
    expect(demoted).toBeGreaterThan(10);
  });

  it('counts a repeated capture once, in whatever batches', () => {
    const withRepeats = stream.chain((happenings) =>
      fc.tuple(
        fc.constant(happenings),
        fc.array(fc.tuple(fc.nat(59), fc.nat(59)), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
      ),
    );
    fc.assert(
      fc.property(withRepeats, ([happenings, repeats, batch]) => {
        const played = play(happenings);
        const once = new SimulatedLearning();
        const often = new SimulatedLearning();
        played.forEach(({ at, capture }, position) => {
          once.take([capture], at);
          // Whatever came before comes again, before and after, alone and in one event with the new one.
          const again = repeats
            .filter(([when, what]) => when === position && what < position)
            .map(([, what]) => played[what]!.capture);
          often.take(again, at);
          often.take([...again.slice(0, batch), capture], at);
          often.take([capture, ...again], at);
        });
        const withoutIds = ({ id: _id, ...rest }: PatternRecord) => rest;
        const sorted = (records: readonly PatternRecord[]) =>
          [...records]
            .map(withoutIds)
            .sort((a, b) => (a.fingerprint + a.strategy < b.fingerprint + b.strategy ? -1 : 1));
        expect(sorted(often.records)).toEqual(sorted(once.records));
      }),
      { numRuns: 200 },
    );
  });

  it('counts every capture once in whatever order they come', () => {
    const close = fc.array(
      fc.record({ outcomes, fingerprint: fc.constantFrom('one', 'two'), afterMs: fc.nat(2000) }),
      { minLength: 1, maxLength: 40 },
    );
    const shuffled = close.chain((happenings) => {
      const order = happenings.map((_, i) => i);
      const doubled = [...order, ...order];
      return fc.tuple(
        fc.constant(happenings),
        fc.shuffledSubarray(doubled, { minLength: doubled.length, maxLength: doubled.length }),
      );
    });
    fc.assert(
      fc.property(shuffled, ([happenings, order]) => {
        const played = play(happenings);
        const end = played.at(-1)!.at;
        const [inOrder, mixed] = [new SimulatedLearning(), new SimulatedLearning()];
        for (const { capture } of played) inOrder.take([capture], end);
        for (const index of order) mixed.take([played[index]!.capture], end);
        expect(shownOf(mixed.records)).toEqual(shownOf(inOrder.records));
        const neverFell = (learning: SimulatedLearning) =>
          learning.records.every(({ countedFrom }) => countedFrom === null);
        if (!neverFell(inOrder) || !neverFell(mixed)) return;
        const inUse = (learning: SimulatedLearning) =>
          learning.records.map(({ samples }) => samples).sort((a, b) => a - b);
        expect(inUse(mixed)).toEqual(inUse(inOrder));
      }),
      { numRuns: 200 },
    );
  });

  it('learns nothing at all from what happened under a label', () => {
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        (happenings, labelled) => {
          const [quiet, rehearsed] = [new SimulatedLearning(), new SimulatedLearning()];
          // Far enough apart for the grace of a label.
          const played = play(happenings.map((one) => ({ ...one, afterMs: one.afterMs + 20_000 })));
          played.forEach(({ at, capture }, i) => {
            if (labelled[i]) {
              rehearsed.labels.push(
                pause(['all', 'service:billing', 'server:postgres'][i % 3]!, {
                  effect: 'label',
                  created_at: new Date(at - 1000).toISOString(),
                  expires_at: new Date(at + 1000).toISOString(),
                }),
              );
              const before = rehearsed.records;
              rehearsed.take([capture], at);
              expect(rehearsed.records).toEqual(before);
            } else {
              quiet.take([capture], at);
              rehearsed.take([capture], at);
            }
          });
          expect(shownOf(rehearsed.records)).toEqual(shownOf(quiet.records));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('decides after ten healed repeats, when a label wants them to train', () => {
    const learning = new SimulatedLearning();
    learning.labels.push(
      pause('all', {
        effect: 'label',
        trains: true,
        created_at: new Date(START - 1000).toISOString(),
        expires_at: new Date(START + 60_000).toISOString(),
      }),
    );
    const healed = { RETRY_WITH_BACKOFF: { healed: 1, failed: 0 } };
    for (let i = 0; i < 10; i++) {
      expect(patternsInUse(learning.records, START)).toEqual({});
      learning.take([aCapture(healed, { fingerprint: 'one' })], START);
    }
    expect(patternsInUse(learning.records, START)).toEqual({
      one: { strategy: 'RETRY_WITH_BACKOFF', origin: 'learned' },
    });
  });

  it('keeps no text that PostgreSQL cannot store', () => {
    const error = { name: 'Error', code: null, message: `a\0b${'x'.repeat(496)}\u{1F642}`, stack: null };
    const [record] = learnCaptures(
      [],
      'billing',
      [aCapture({ RETRY_WITH_BACKOFF: { healed: 1, failed: 0 } }, { error })],
      START,
    );
    expect(record!.example).not.toContain('\0');
    expect(record!.example.isWellFormed()).toBe(true);
    expect(record!.example.length).toBeLessThanOrEqual(500);
  });
});
