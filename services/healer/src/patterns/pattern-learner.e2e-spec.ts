import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, newId, type Pause, UNAVAILABLE } from '@gridworks/contracts';
import type { Database } from '@gridworks/persistence';
import { type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pause } from '../../test/guard-under-test.ts';
import { aCapture, aPattern, batchOf, START, sighting } from '../../test/learned-patterns.ts';
import { openPatterns } from '../../test/open-patterns.ts';
import { HALF_LIFE_MS } from './fading.ts';
import { ModelTrials } from './model-trials.ts';
import type { PatternRepository } from './pattern.repository.ts';
import type { PatternRecord } from './pattern.ts';
import { PatternLearner } from './pattern-learner.ts';
import { PatternUpkeep } from './pattern-upkeep.ts';

describe('learning with PostgreSQL', () => {
  let postgres: PostgresServer;
  let url: string;
  let database: Database;
  let patterns: PatternRepository;
  let labels: () => Promise<Pause[]>;
  let now = START;
  let refreshed = 0;

  beforeAll(async () => {
    postgres = await startPostgres();
    url = await postgres.createServiceDatabase('healer');
    ({ database, patterns } = await openPatterns(url));
  }, 60_000);
  beforeEach(async () => {
    await postgres.query('truncate healing_patterns, healing_captures_counted', [], url);
    labels = async () => [];
    now = START;
    refreshed = 0;
  });
  afterAll(async () => {
    await database?.close();
    await postgres?.stop();
  });

  const parts = () => ({
    database,
    patterns,
    pauses: { labels: () => labels(), renew: async () => undefined },
    table: { refresh: () => void refreshed++ },
    logger: { log: () => undefined },
    clock: () => now,
  });
  const learner = () => new PatternLearner(parts());
  const event = () => ({ id: newId('event') });
  const healed = (count: number, failed = 0, more = {}) =>
    aCapture({ RETRY_WITH_BACKOFF: { healed: count, failed } }, more);
  const all = async (): Promise<PatternRecord[]> => (await patterns.page({ limit: 100 })).data;

  it('keeps a row as it is', async () => {
    const record = aPattern({
      origin: 'model',
      state: 'demoted',
      evidence: { healed: 1 / 3, failed: 1e6, at: START + 1 },
      samples: 5_000_000_000,
      consecutiveFailures: 2,
      verified: 4,
      countedFrom: START - 7,
      healedEver: 2 ** 40,
      why: 'an "odd", {text} \\ with, NULL',
      demotedAt: START + 3,
    });
    await database.transaction((tx) => patterns.save(tx, [record]));
    expect(await all()).toEqual([record]);
    const changed = { ...record, state: 'learning' as const, countedFrom: null, demotedAt: null };
    await database.transaction((tx) => patterns.save(tx, [changed]));
    expect(await all()).toEqual([changed]);
  });

  it('lets no second strategy decide for an error, even if the code were wrong', async () => {
    const two = [
      aPattern({ state: 'deciding' }),
      aPattern({ state: 'deciding', strategy: 'RESET_CONNECTION' }),
    ];
    await expect(database.transaction((tx) => patterns.save(tx, two))).rejects.toThrow(/deciding/);
    expect(await all()).toEqual([]);
  });

  it('waits while labels cannot be read, and counts nothing meanwhile', async () => {
    const [one, theEvent] = [batchOf(healed(10)), event()];
    labels = async () => {
      throw new AppError(UNAVAILABLE);
    };
    await expect(learner().learn(theEvent, one)).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
    expect(await all()).toEqual([]);
    labels = async () => [];
    await learner().learn(theEvent, one);
    expect(await all()).toMatchObject([{ state: 'deciding', samples: 10 }]);
    expect(refreshed).toBe(1);
  });

  it('does not touch PostgreSQL for what teaches nothing', async () => {
    const moment = new Date(START).toISOString();
    labels = async () => [pause('all', { effect: 'label', created_at: moment, expires_at: moment })];
    const requested: string[] = [];
    const away = { once: async () => requested.push('once') as never };
    const lonely = new PatternLearner({ ...parts(), database: away });
    await lonely.learn(event(), batchOf(healed(10)));
    labels = async () => requested.push('labels') as never;
    await lonely.learn(event(), batchOf(aCapture({}), aCapture({ ESCALATE: { healed: 0, failed: 9 } })));
    expect(requested).toEqual([]);
  });

  it('counts once what two healers take in at the same moment', async () => {
    const healers = [learner(), learner(), learner()];
    const events = Array.from({ length: 12 }, (_, i) => ({
      event: event(),
      batchOf: batchOf(
        healed(1, 0, { id: `shared-${i}` }),
        healed(1, 0, { id: `shared-${(i + 1) % 12}` }),
        healed(2, 0, { fingerprint: `own-${i % 3}` }),
      ),
    }));
    // Each healer gets all of them, and none begins with the same one: or the inbox alone would keep them apart.
    const deliveries = healers.flatMap((healer, i) =>
      [...events.slice(4 * i), ...events.slice(0, 4 * i)].map((one) => ({ healer, ...one })),
    );
    const ends = await Promise.allSettled(
      deliveries.map(async ({ healer, event, batchOf }) => {
        // A delivery that failed comes again.
        for (let attempt = 0; attempt < 20; attempt++) {
          try {
            return await healer.learn(event, batchOf);
          } catch {
            await sleep(50);
          }
        }
        throw new Error('it never came to be counted');
      }),
    );
    expect(ends.filter(({ status }) => status === 'rejected')).toEqual([]);
    const counts = Object.fromEntries(
      (await all()).map(({ fingerprint, samples }) => [fingerprint, samples]),
    );
    expect(counts).toEqual({ abcdef0123456789: 12, 'own-0': 8, 'own-1': 8, 'own-2': 8 });
  });

  it('fails all that wait in line behind one that failed, at once', async () => {
    let requested = 0;
    const gate = Promise.withResolvers<never>();
    labels = () => {
      requested++;
      return gate.promise;
    };
    const one = learner();
    const waiting = Array.from({ length: 20 }, () => one.learn(event(), batchOf(healed(1))));
    gate.reject(new AppError(UNAVAILABLE));
    const ends = await Promise.allSettled(waiting);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(requested).toBe(1);
    labels = async () => [];
    await one.learn(event(), batchOf(healed(1)));
    expect(await all()).toMatchObject([{ samples: 1 }]);
  });

  it('has the table written only when what decides has changed', async () => {
    const one = learner();
    for (let i = 0; i < 9; i++) await one.learn(event(), batchOf(healed(1)));
    expect(refreshed).toBe(0);
    await one.learn(event(), batchOf(healed(1)));
    expect(refreshed).toBe(1);
    await one.learn(event(), batchOf(healed(5)));
    expect(refreshed).toBe(1);
    await one.learn(event(), batchOf(healed(0, 3)));
    expect(refreshed).toBe(2);
  });

  it('ends by upkeep what has faded, and deletes what is forgotten', async () => {
    const upkeep = new PatternUpkeep(parts());
    await learner().learn(event(), batchOf(healed(10)));
    await upkeep.run();
    expect(await all()).toMatchObject([{ state: 'deciding' }]);
    expect(refreshed).toBe(1);
    now = START + HALF_LIFE_MS;
    await upkeep.run();
    expect(await all()).toMatchObject([{ state: 'learning', samples: 10 }]);
    expect(refreshed).toBe(2);
    await postgres.query(
      `update healing_patterns set updated_at = now() - interval '61 days';
       update healing_captures_counted set counted_at = now() - interval '31 days'`,
      [],
      url,
    );
    await upkeep.run();
    expect(await all()).toEqual([]);
    expect(await postgres.query('select * from healing_captures_counted', [], url)).toEqual([]);
  });

  describe('a trial', () => {
    const trials = () => new ModelTrials(parts());
    const trial = {
      fingerprint: 'abcdef0123456789',
      strategy: 'RESET_CONNECTION' as const,
      ...sighting,
    };
    const later = (healedTimes: number, failed = 0) => {
      now += 1000;
      const at = new Date(now).toISOString();
      return batchOf(
        aCapture({ RESET_CONNECTION: { healed: healedTimes, failed } }, { first_at: at, last_at: at }),
      );
    };
    const state = async () => (await trials().listStates([trial]))[0];

    it('begins at once, and after five successes decides', async () => {
      await trials().startTrial(trial);
      expect(refreshed).toBe(1);
      expect(await state()).toEqual({
        fingerprint: trial.fingerprint,
        strategy: 'RESET_CONNECTION',
        origin: 'model',
        state: 'trial',
        verified: 0,
      });
      expect(await patterns.inUse(10)).toHaveLength(1);
      for (let i = 1; i <= 4; i++) await learner().learn(event(), later(1));
      expect(await state()).toMatchObject({ state: 'trial', verified: 4 });
      await learner().learn(event(), later(1));
      expect(await state()).toMatchObject({ state: 'deciding', verified: 5 });
    });

    it.each([0, 3, 5, 20])('ends with the first failure, after %i successes', async (successes) => {
      await trials().startTrial(trial);
      if (successes > 0) await learner().learn(event(), later(successes));
      refreshed = 0;
      await learner().learn(event(), later(0, 1));
      expect(await state()).toMatchObject({ state: 'demoted', verified: 0 });
      expect(await patterns.inUse(10)).toEqual([]);
      expect(refreshed).toBe(1);
    });

    it('is one trial, however often it is begun, and can be begun again when it failed', async () => {
      await trials().startTrial(trial);
      await learner().learn(event(), later(3));
      await trials().startTrial(trial);
      expect(await state()).toMatchObject({ state: 'trial', verified: 3 });
      await learner().learn(event(), later(0, 1));
      now += 1000;
      await trials().startTrial(trial);
      expect(await state()).toMatchObject({ state: 'trial', verified: 0 });
      expect(await all()).toHaveLength(1);
    });

    it('changes nothing where outcomes decide already', async () => {
      const learned = batchOf(aCapture({ RESET_CONNECTION: { healed: 30, failed: 0 } }));
      await learner().learn(event(), learned);
      await trials().startTrial(trial);
      expect(await state()).toMatchObject({ origin: 'learned', state: 'deciding' });
    });

    it('is part of a transaction that it is given', async () => {
      await expect(
        database.transaction(async (tx) => {
          await trials().startTrial(trial, tx);
          throw new Error('the decision failed');
        }),
      ).rejects.toThrow('the decision failed');
      expect(await state()).toBeUndefined();
    });

    it('of ESCALATE is refused', async () => {
      await expect(trials().startTrial({ ...trial, strategy: 'ESCALATE' })).rejects.toMatchObject({
        code: 'PLATFORM.INVALID_INPUT',
      });
    });
  });

  it('throws UNAVAILABLE while PostgreSQL is away, and learns when the event comes again', async () => {
    const [one, theEvent] = [batchOf(healed(10)), event()];
    await postgres.kill9();
    await expect(learner().learn(theEvent, one)).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
    await postgres.restart();
    await database.whenReady();
    for (let attempt = 0; attempt < 50; attempt++) {
      try {
        await learner().learn(theEvent, one);
        break;
      } catch {
        await sleep(100);
      }
    }
    await learner().learn(theEvent, one);
    expect(await all()).toMatchObject([{ samples: 10, state: 'deciding' }]);
  }, 30_000);
});
