import {
  type CapturedError,
  decideVerdict,
  errorCaptured,
  listIncidents,
  listVerdicts,
  newId,
  PATTERN_TABLE_KEY,
  patternTableSchema,
  type Verdict,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { asAdmin, ADMIN as human } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batch, captured, KEY } from './fake-model.ts';
import { type HealerWithModel, startHealerWithModel } from './fake-model-healer.ts';
import { INJECTIONS } from './fake-model-injections.ts';
import { obeys } from './fake-model-obedient.ts';
import { completes, type FakeModel, startFakeModel } from './fake-model-server.ts';

process.env.LOG_LEVEL = 'silent';
const slow = { timeoutMs: 15_000, everyMs: 50 };

describe('what the model suggests, and what humans make of it', () => {
  let model: FakeModel;
  let healer: HealerWithModel;
  beforeAll(async () => {
    model = await startFakeModel();
    healer = await startHealerWithModel({
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: model.url,
      OPENAI_MODEL: 'test-model',
      HEALER_MODEL_CALLS_PER_HOUR: '500',
      HEALER_MODEL_TOKENS_PER_DAY: '5000000',
      HEALER_MODEL_COST_PER_DAY_USD: '100',
    });
  }, 60_000);
  afterAll(async () => {
    await healer?.stop();
    await model?.stop();
  }, 30_000);

  const gateway = () => healer.busOf('gateway');
  const list = async (query = {}) =>
    (await asAdmin(gateway()).request(listVerdicts, { limit: 100, ...query })).data;
  const decide = (id: string, decision: 'trial' | 'reject') =>
    asAdmin(gateway()).request(decideVerdict, { id, decision });
  const report = (...captures: CapturedError[]) =>
    healer.busOf('billing').publish(errorCaptured.billing, batch(captures), { id: newId('event') });
  const verdictOn = ({ fingerprint }: CapturedError) =>
    eventually(async () => {
      const found = (await list()).find((verdict) => verdict.fingerprint === fingerprint);
      expect(found).toBeDefined();
      return found as Verdict;
    }, slow);
  const rows = (sql: string) => healer.postgres.query<Record<string, string>>(sql, [], healer.databaseUrl);
  const inUse = async () => {
    const bucket = await healer.busOf('healer').bucket('healer_patterns', patternTableSchema);
    return (await bucket.get(PATTERN_TABLE_KEY))?.value.patterns ?? {};
  };
  /** What a process publishes once it tried the strategy. */
  const tried = (error: CapturedError, outcome: { healed: number; failed: number }, late = 1_000) => {
    const at = new Date(Date.now() + late).toISOString();
    return report({
      ...error,
      id: newId('event'),
      decided_by: 'model',
      strategy: 'RETRY_WITH_BACKOFF',
      count: outcome.healed + outcome.failed,
      healed: outcome.healed,
      outcomes: { RETRY_WITH_BACKOFF: outcome },
      first_at: at,
      last_at: at,
    });
  };
  const now = () => new Date().toISOString();
  const fresh = (change = {}) => captured({ first_at: now(), last_at: now(), ...change });

  it('begins as a suggestion that nothing follows, beside the incident of its error', async () => {
    const error = fresh();
    await report(error);
    const verdict = await verdictOn(error);
    expect(verdict).toMatchObject({
      service: 'billing',
      source: error.source,
      state: 'suggested',
      verified: 0,
    });
    expect(await inUse()).not.toHaveProperty(error.fingerprint);
    expect(healer.fixture.platform.acts).toEqual([]);
    await eventually(async () => {
      const { data } = await asAdmin(gateway()).request(listIncidents, {});
      const incident = data.find(({ errors }) => errors.some((one) => one.fingerprint === error.fingerprint));
      expect(incident?.timeline.map(({ text }) => text)).toContainEqual(
        expect.stringContaining('The model suggests RETRY_WITH_BACKOFF (not applied; confidence 0.80)'),
      );
      expect(incident?.decided_by).not.toBe('model');
    }, slow);
  }, 30_000);

  it('is tried once a human says so, decides after five successes, and ends with a failure', async () => {
    const error = fresh();
    await report(error);
    const { id } = await verdictOn(error);
    const trial = await decide(id, 'trial');
    expect(trial).toMatchObject({ state: 'trial', decided_by: human.user_id });
    await eventually(async () =>
      expect((await inUse())[error.fingerprint]).toEqual({ strategy: 'RETRY_WITH_BACKOFF', origin: 'model' }),
    );
    await tried(error, { healed: 4, failed: 0 });
    await eventually(
      async () => expect(await verdictOn(error)).toMatchObject({ state: 'trial', verified: 4 }),
      slow,
    );
    await tried(error, { healed: 1, failed: 0 });
    await eventually(async () => expect(await verdictOn(error)).toMatchObject({ state: 'promoted' }), slow);
    expect(await list({ state: 'promoted' })).toMatchObject([{ id }]);
    await tried(error, { healed: 0, failed: 1 }, 2_000);
    await eventually(async () => expect(await verdictOn(error)).toMatchObject({ state: 'demoted' }), slow);
    await eventually(async () => expect(await inUse()).not.toHaveProperty(error.fingerprint));
  }, 60_000);

  it('is decided once, however many decide at the same time', async () => {
    const error = fresh();
    await report(error);
    const { id } = await verdictOn(error);
    const decisions = await Promise.allSettled(
      (['trial', 'reject', 'trial', 'reject', 'trial', 'reject'] as const).map((one) => decide(id, one)),
    );
    const won = decisions.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const lost of decisions.filter((one) => one.status === 'rejected'))
      expect(lost.reason).toMatchObject({ code: 'HEALER.VERDICT_DECIDED' });
    const verdict = await verdictOn(error);
    const patterns = await rows(
      `select state from healing_patterns where fingerprint = '${error.fingerprint}'`,
    );
    expect(patterns.map(({ state }) => state)).toEqual(verdict.state === 'trial' ? ['trial'] : []);
  }, 30_000);

  it('cannot be tried when it says that a human must look, only rejected', async () => {
    for (const change of [{ strategy: 'ESCALATE' }, { confidence: 0.3 }]) {
      model.behaviour = completes(change);
      const error = fresh();
      await report(error);
      const { id, strategy } = await verdictOn(error);
      expect(strategy).toBe('ESCALATE');
      await expect(decide(id, 'trial')).rejects.toMatchObject({
        code: 'PLATFORM.INVALID_INPUT',
        message: expect.stringContaining('there is nothing to try'),
      });
      expect(await decide(id, 'reject')).toMatchObject({ state: 'rejected', decided_by: human.user_id });
      await expect(decide(id, 'trial')).rejects.toMatchObject({ code: 'HEALER.VERDICT_DECIDED' });
    }
    model.behaviour = completes();
    await expect(decide(newId('verdict'), 'trial')).rejects.toMatchObject({
      code: 'HEALER.VERDICT_NOT_FOUND',
    });
  }, 30_000);

  it('is listed in pages, newest first', async () => {
    const all = await list();
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    const first = await asAdmin(gateway()).request(listVerdicts, { limit: 2 });
    expect(first).toMatchObject({ has_more: true, data: all.slice(0, 2) });
    const cursor = first.data[1]?.id as string;
    expect((await list({ limit: 2, starting_after: cursor })).map(({ id }) => id)).toEqual(
      all.slice(2, 4).map(({ id }) => id),
    );
    expect((await list({ limit: 2, ending_before: all[2]?.id })).map(({ id }) => id)).toEqual(
      all.slice(0, 2).map(({ id }) => id),
    );
    for (const one of await list({ state: 'rejected' })) expect(one.state).toBe('rejected');
  });

  it('is suggested once for an error, and is deleted when it stays undecided for months', async () => {
    const [error, old, rejected] = [fresh(), fresh(), fresh()];
    await report(error, old, rejected);
    const [first, { id: oldId }, { id: rejectedId }] = [
      await verdictOn(error),
      await verdictOn(old),
      await verdictOn(rejected),
    ];
    await decide(rejectedId, 'reject');
    await rows(`update healing_verdicts set updated_at = now() - interval '91 days'
                where id in ('${oldId}', '${rejectedId}')`);
    await healer.verdicts.add({ ...first, id: newId('verdict'), root_cause: 'said again a day later' });
    const known = await list();
    expect(known.map(({ id }) => id)).not.toContain(oldId);
    expect(known.map(({ id }) => id)).toContain(rejectedId);
    expect(known.filter(({ fingerprint }) => fingerprint === error.fingerprint)).toEqual([first]);
  }, 30_000);

  it('leads to no act and no pattern, whatever the text of errors makes a model say', async () => {
    const before = { patterns: await rows('select count(*) n from healing_patterns'), use: await inUse() };
    model.behaviour = obeys;
    const sent = model.calls.length;
    const errors = INJECTIONS.map((message) => fresh({ message }));
    for (let at = 0; at < errors.length; at += 10) {
      await report(...errors.slice(at, at + 10));
      await eventually(() => model.calls.length >= sent + Math.min(at + 10, errors.length), slow);
    }
    model.behaviour = completes();
    const marker = fresh();
    await report(marker);
    await verdictOn(marker);
    expect(healer.fixture.platform.acts).toEqual([]);
    expect(await rows('select count(*) n from healing_patterns')).toEqual(before.patterns);
    expect(await inUse()).toEqual(before.use);
    const sources = new Set((await list()).map(({ service, source }) => `${service} ${source}`));
    expect([...sources]).toEqual(['billing billing.postgres.read']);
  }, 60_000);

  it('is not lost while PostgreSQL is away', async () => {
    await healer.postgres.kill9();
    const error = fresh();
    const sent = model.calls.length;
    healer.advisor.consider(batch([error]));
    await eventually(() => model.calls.length > sent, slow);
    await healer.postgres.restart();
    await verdictOn(error);
  }, 60_000);
});
