import { allowedMs, eventually } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { batch, captured, KEY, ModelWorld, settingsFor } from '../../test/fake-model.ts';
import {
  completes,
  completion,
  type FakeModel,
  fails,
  hangs,
  reportOf,
  says,
  sendsJson,
  startFakeModel,
  verdictFor,
} from '../../test/fake-model-server.ts';
import { MAX_WAITING, type ModelDesk } from './model-desk.ts';
import { PROMPT_VERSION } from './system-prompt.ts';

const HOUR = 3_600_000;

describe('the model desk', () => {
  let model: FakeModel;
  let world: ModelWorld;
  const desks: ModelDesk[] = [];
  beforeAll(async () => {
    model = await startFakeModel();
  });
  beforeEach(() => {
    world = new ModelWorld();
    model.answer = completes();
    model.calls.length = model.next.length = 0;
  });
  afterEach(() => Promise.all(desks.splice(0).map((desk) => desk.stop())));
  afterAll(() => model.stop());

  const settings = (caps = {}) => ({
    ...settingsFor(model.url),
    caps: { ...settingsFor(model.url).caps, ...caps },
  });
  const open = (caps = {}, holder?: string) => {
    const desk = world.desk(settings(caps), holder);
    desks.push(desk);
    return desk;
  };
  /** Asks about one more error and waits for its verdict: all that came before it was dealt with by then. */
  const untilIdle = async (desk: ModelDesk, marker = captured()) => {
    desk.consider(batch([marker]));
    await eventually(() => world.stored.some(({ fingerprint }) => fingerprint === marker.fingerprint));
    return marker;
  };
  const state = async (fingerprint: string) => (await world.questions.get(fingerprint))?.value;

  it('keeps what the model suggests, for the error that the event named, and says so', async () => {
    const error = captured();
    const desk = open();
    desk.consider(batch([error], 'auth'));
    await eventually(() => expect(world.stored).toHaveLength(1));
    expect(world.stored[0]).toMatchObject({
      fingerprint: error.fingerprint,
      service: 'auth',
      source: error.source,
      strategy: 'RETRY_WITH_BACKOFF',
      state: 'suggested',
      verified: 0,
      decided_by: null,
      model: 'test-model-2026-11-01',
      prompt_version: PROMPT_VERSION,
    });
    expect(world.advised).toEqual([
      {
        fingerprint: error.fingerprint,
        text: 'The model suggests RETRY_WITH_BACKOFF (not applied; confidence 0.80): The other side closed the connection.',
      },
    ]);
    expect(world.lines).toContainEqual({
      level: 'info',
      text: 'the model suggests',
      fields: expect.objectContaining({ model: 'test-model-2026-11-01', prompt_version: PROMPT_VERSION }),
    });
    await eventually(async () => expect(await state(error.fingerprint)).toMatchObject({ state: 'stored' }));
  });

  it.each([
    [
      'a rule is sure',
      { decided_by: 'rule', kind: 'deadlock', confidence: 0.95, strategy: 'ROLLBACK_TRANSACTION' },
    ],
    [
      'a rule is sure that a human must look',
      { decided_by: 'rule', kind: 'programming_bug', confidence: 0.9 },
    ],
    ['a pattern decides', { decided_by: 'pattern', strategy: 'RETRY_WITH_BACKOFF' }],
    ['a pattern says that a human must look', { decided_by: 'pattern', confidence: 0.1 }],
    ['a verdict is on trial', { decided_by: 'model', strategy: 'RETRY_WITH_BACKOFF' }],
    ['our own guard threw it', { rule: 'guard/timeout', fingerprint: 'RESILIENCE.DEADLINE_EXCEEDED@x' }],
    ['a storm left it unread', { rule: 'storm', fingerprint: 'storm@billing.postgres.read' }],
    ['it is about asking the model', { source: 'healer.model.ask' }],
  ] as const)('does not ask when %s', async (_name, change) => {
    const desk = open();
    desk.consider(batch([captured(change)]));
    await untilIdle(desk);
    expect(model.calls).toHaveLength(1);
  });

  it('asks when a rule is not sure', async () => {
    const unsure = captured({ decided_by: 'rule', kind: 'timeout', confidence: 0.4 });
    await untilIdle(open(), unsure);
    expect(model.calls).toHaveLength(1);
  });

  it('asks once about an error, whoever captures it and however often', async () => {
    const [one, two] = [open({}, 'healer'), open({}, 'healer-2')];
    const error = captured();
    for (let n = 0; n < 20; n++) for (const desk of [one, two]) desk.consider(batch([error, error]));
    await Promise.all([untilIdle(one), untilIdle(two)]);
    const after = open({}, 'healer-3');
    after.consider(batch([error]));
    await untilIdle(after);
    const asked = model.calls.filter((call) => reportOf(call).error.message === error.error.message);
    expect(world.stored.filter(({ fingerprint }) => fingerprint === error.fingerprint)).toHaveLength(1);
    // The three others are the markers.
    expect(asked).toHaveLength(4);
  });

  it('asks one question at a time', async () => {
    let open_ = 0;
    let most = 0;
    model.answer = async (call, response) => {
      most = Math.max(most, ++open_);
      await new Promise((resolve) => setImmediate(resolve));
      open_--;
      sendsJson(200, completion(verdictFor(call)))(call, response);
    };
    const desk = open();
    desk.consider(batch(Array.from({ length: 8 }, () => captured())));
    await eventually(() => world.stored.length === 8);
    expect(most).toBe(1);
  });

  it('does not ask again the same day after an answer that was no verdict', async () => {
    model.next.push(says('certainly!'));
    const error = captured();
    const desk = open();
    desk.consider(batch([error]));
    await untilIdle(desk);
    world.now += 12 * HOUR;
    desk.consider(batch([error]));
    await untilIdle(desk);
    expect(await state(error.fingerprint)).toMatchObject({ state: 'refused', reason: 'not_json' });
    expect(model.calls).toHaveLength(3);
    expect(world.lines).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ reason: 'not_json' }) }),
    );
  });

  it('asks again later when the model surely did not work on it, and not when it may have', async () => {
    const [refused, hung] = [captured(), captured({ message: 'hang on' })];
    model.next.push(fails(401, 'invalid_api_key'));
    model.answer = (call, response) =>
      (reportOf(call).error.message === 'hang on' ? hangs : completes())(call, response);
    const desk = open();
    desk.consider(batch([refused, hung]));
    await untilIdle(desk);
    expect(await state(refused.fingerprint)).toMatchObject({ state: 'put-off', reason: 'auth_failure' });
    expect(await state(hung.fingerprint)).toMatchObject({ state: 'refused', reason: 'timeout' });
    world.now += HOUR;
    desk.consider(batch([refused, hung]));
    await untilIdle(desk);
    expect(world.stored.map(({ fingerprint }) => fingerprint)).toContain(refused.fingerprint);
    expect(world.stored.map(({ fingerprint }) => fingerprint)).not.toContain(hung.fingerprint);
  });

  it('holds a bounded number of questions, and drops the oldest', async () => {
    const errors = Array.from({ length: MAX_WAITING + 11 }, () => captured());
    const desk = open();
    desk.consider(batch(errors.slice(0, 40)));
    desk.consider(batch(errors.slice(40)));
    await eventually(() =>
      world.stored.some(({ fingerprint }) => fingerprint === errors.at(-1)?.fingerprint),
    );
    const asked = new Set(world.stored.map(({ fingerprint }) => fingerprint));
    expect(asked.size).toBeLessThanOrEqual(MAX_WAITING + 1);
    expect(asked.has(errors[5]!.fingerprint)).toBe(false);
  });

  it.each([
    ['calls', { callsPerHour: 2 }, 'calls_per_hour', 2],
    ['tokens', { tokensPerDay: 6_000 }, 'tokens_per_day', 6],
    ['cost', { usdPerDay: 0.013 }, 'cost_per_day', 5],
  ])(
    'asks no more once the cap of %s is reached, says so once, and a restart does not reset it',
    async (_n, caps, cap, most) => {
      const desk = open(caps);
      const capped = () => world.lines.some(({ fields }) => fields.cap === cap);
      for (let n = 0; n < 8 && !capped(); n++) {
        desk.consider(batch([captured()]));
        await eventually(() => world.stored.length > n || capped());
      }
      expect(capped()).toBe(true);
      world.now += 61_000;
      const more = captured();
      desk.consider(batch([more]));
      await eventually(async () =>
        expect(await state(more.fingerprint)).toMatchObject({ state: 'put-off', reason: cap }),
      );
      expect(world.lines.filter(({ fields }) => fields.cap === cap)).toHaveLength(1);
      const asked = model.calls.length;
      expect(asked).toBeGreaterThan(0);
      expect(asked).toBeLessThanOrEqual(most);
      const spent = (await world.limits.get('model'))?.value;
      expect(spent?.tokens).toBeLessThanOrEqual(settings(caps).caps.tokensPerDay);
      expect(spent?.usd).toBeLessThanOrEqual(settings(caps).caps.usdPerDay);
      await desk.stop();
      // Another healer, another boot.
      world.now += 90_000;
      const next = open(caps, 'healer-2');
      const late = captured();
      next.consider(batch([late]));
      await eventually(async () =>
        expect(await state(late.fingerprint)).toMatchObject({ state: 'put-off', reason: cap }),
      );
      expect(model.calls).toHaveLength(asked);
      expect(world.lines.filter(({ fields }) => fields.cap === cap).length).toBeLessThanOrEqual(2);
      // The error is not lost: it is asked about when there is room again.
      world.now += 25 * HOUR;
      await untilIdle(next, late);
    },
  );

  it('never asks without a key', async () => {
    const desk = world.desk(null);
    const adding = () => desk.consider(batch([captured()]));
    expect(adding).not.toThrow();
    await desk.stop();
    expect(await world.questions.keys()).toEqual([]);
    expect(model.calls).toEqual([]);
  });

  it('never throws, whatever it is given, and asks nothing while the bus is away', async () => {
    const desk = open();
    for (const odd of [null, undefined, {}, { captures: [null] }, { captures: 'x' }])
      expect(() => desk.consider(odd as never)).not.toThrow();
    const error = captured();
    world.questions.away = true;
    desk.consider(batch([error]));
    world.questions.away = false;
    const limits = captured();
    await untilIdle(desk);
    world.limits.away = true;
    desk.consider(batch([limits]));
    await eventually(async () =>
      expect(await state(limits.fingerprint)).toMatchObject({ state: 'put-off', reason: 'not_counted' }),
    );
    expect(model.calls).toHaveLength(1);
  });

  it('keeps a verdict while PostgreSQL is away, over a restart too', async () => {
    world.databaseAway = true;
    const error = captured();
    const desk = open();
    desk.consider(batch([error]));
    await eventually(async () => expect(await state(error.fingerprint)).toMatchObject({ state: 'answered' }));
    await eventually(() =>
      expect(world.lines).toContainEqual(expect.objectContaining({ text: 'a verdict waits to be stored' })),
    );
    await desk.stop();
    expect(world.stored).toEqual([]);
    const shelf = world.shelf();
    await shelf.adopt();
    world.databaseAway = false;
    await eventually(() => expect(world.stored).toMatchObject([{ fingerprint: error.fingerprint }]));
    await eventually(async () => expect(await state(error.fingerprint)).toMatchObject({ state: 'stored' }));
    await shelf.stop();
    expect(model.calls).toHaveLength(1);
  });

  it('stops at once, with a question under way', async () => {
    model.answer = hangs;
    const desk = open();
    desk.consider(batch([captured(), captured()]));
    await eventually(() => model.calls.length === 1);
    const began = performance.now();
    await desk.stop();
    expect(performance.now() - began).toBeLessThan(allowedMs(300));
    expect(model.calls).toHaveLength(1);
  });

  it('writes the key nowhere', async () => {
    model.next.push(
      sendsJson(401, { error: { message: `Wrong key ${KEY}`, code: 'invalid_api_key' } }),
      (call, response) => completes({ root_cause: `The key ${KEY.slice(0, 3)} is wrong` })(call, response),
    );
    const desk = open();
    desk.consider(batch([captured(), captured()]));
    await untilIdle(desk);
    expect(await world.everything()).not.toContain(KEY);
  });
});
