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
import { MAX_WAITING, type ModelAdvisor } from './model-advisor.ts';
import { PROMPT_VERSION } from './system-prompt.ts';

const HOUR = 3_600_000;

describe('the model desk', () => {
  let model: FakeModel;
  let world: ModelWorld;
  const advisors: ModelAdvisor[] = [];
  beforeAll(async () => {
    model = await startFakeModel();
  });
  beforeEach(() => {
    world = new ModelWorld();
    model.behaviour = completes();
    model.calls.length = model.next.length = 0;
  });
  afterEach(() => Promise.all(advisors.splice(0).map((advisor) => advisor.stop())));
  afterAll(() => model.stop());

  const settings = (caps = {}) => ({
    ...settingsFor(model.url),
    caps: { ...settingsFor(model.url).caps, ...caps },
  });
  const open = (caps = {}, holder?: string) => {
    const advisor = world.advisor(settings(caps), holder);
    advisors.push(advisor);
    return advisor;
  };
  /** Sends one more error and waits for its verdict: all earlier errors were handled by then. */
  const untilIdle = async (advisor: ModelAdvisor, marker = captured()) => {
    advisor.consider(batch([marker]));
    await eventually(() => world.stored.some(({ fingerprint }) => fingerprint === marker.fingerprint));
    return marker;
  };
  const state = async (fingerprint: string) => (await world.prompts.get(fingerprint))?.value;

  it('keeps what the model suggests, for the error that the event named, and says so', async () => {
    const error = captured();
    const advisor = open();
    advisor.consider(batch([error], 'auth'));
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
      event: 'model.suggested',
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
    const advisor = open();
    advisor.consider(batch([captured(change)]));
    await untilIdle(advisor);
    expect(model.calls).toHaveLength(1);
  });

  it('sends an error when a rule is not sure', async () => {
    const unsure = captured({ decided_by: 'rule', kind: 'timeout', confidence: 0.4 });
    await untilIdle(open(), unsure);
    expect(model.calls).toHaveLength(1);
  });

  it('sends an error once, however often and by which service it is captured', async () => {
    const [one, two] = [open({}, 'healer'), open({}, 'healer-2')];
    const error = captured();
    for (let n = 0; n < 20; n++) for (const advisor of [one, two]) advisor.consider(batch([error, error]));
    await Promise.all([untilIdle(one), untilIdle(two)]);
    const after = open({}, 'healer-3');
    after.consider(batch([error]));
    await untilIdle(after);
    const sent = model.calls.filter((call) => reportOf(call).error.message === error.error.message);
    expect(world.stored.filter(({ fingerprint }) => fingerprint === error.fingerprint)).toHaveLength(1);
    // The three others are the markers.
    expect(sent).toHaveLength(4);
  });

  it('sends one prompt at a time', async () => {
    let open_ = 0;
    let most = 0;
    model.behaviour = async (call, response) => {
      most = Math.max(most, ++open_);
      await new Promise((resolve) => setImmediate(resolve));
      open_--;
      sendsJson(200, completion(verdictFor(call)))(call, response);
    };
    const advisor = open();
    advisor.consider(batch(Array.from({ length: 8 }, () => captured())));
    await eventually(() => world.stored.length === 8);
    expect(most).toBe(1);
  });

  it('does not ask again the same day after an answer that was no verdict', async () => {
    model.next.push(says('certainly!'));
    const error = captured();
    const advisor = open();
    advisor.consider(batch([error]));
    await untilIdle(advisor);
    world.now += 12 * HOUR;
    advisor.consider(batch([error]));
    await untilIdle(advisor);
    expect(await state(error.fingerprint)).toMatchObject({ state: 'refused', reason: 'not_json' });
    expect(model.calls).toHaveLength(3);
    expect(world.lines).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ reason: 'not_json' }) }),
    );
  });

  it('sends a prompt again later when the model surely did not process it, and not when it may have', async () => {
    const [refused, hung] = [captured(), captured({ message: 'hang on' })];
    model.next.push(fails(401, 'invalid_api_key'));
    model.behaviour = (call, response) =>
      (reportOf(call).error.message === 'hang on' ? hangs : completes())(call, response);
    const advisor = open();
    advisor.consider(batch([refused, hung]));
    await untilIdle(advisor);
    expect(await state(refused.fingerprint)).toMatchObject({ state: 'put-off', reason: 'auth_failure' });
    expect(await state(hung.fingerprint)).toMatchObject({ state: 'refused', reason: 'timeout' });
    world.now += HOUR;
    advisor.consider(batch([refused, hung]));
    await untilIdle(advisor);
    expect(world.stored.map(({ fingerprint }) => fingerprint)).toContain(refused.fingerprint);
    expect(world.stored.map(({ fingerprint }) => fingerprint)).not.toContain(hung.fingerprint);
  });

  it('holds a bounded number of questions, and drops the oldest', async () => {
    const errors = Array.from({ length: MAX_WAITING + 11 }, () => captured());
    const advisor = open();
    advisor.consider(batch(errors.slice(0, 40)));
    advisor.consider(batch(errors.slice(40)));
    await eventually(() =>
      world.stored.some(({ fingerprint }) => fingerprint === errors.at(-1)?.fingerprint),
    );
    const sent = new Set(world.stored.map(({ fingerprint }) => fingerprint));
    expect(sent.size).toBeLessThanOrEqual(MAX_WAITING + 1);
    expect(sent.has(errors[5]!.fingerprint)).toBe(false);
  });

  it.each([
    ['calls', { callsPerHour: 2 }, 'calls_per_hour', 2],
    ['tokens', { tokensPerDay: 6_000 }, 'tokens_per_day', 6],
    ['cost', { usdPerDay: 0.013 }, 'cost_per_day', 5],
  ])(
    'asks no more once the cap of %s is reached, says so once, and a restart does not reset it',
    async (_n, caps, cap, most) => {
      const advisor = open(caps);
      const capped = () => world.lines.some(({ fields }) => fields.cap === cap);
      for (let n = 0; n < 8 && !capped(); n++) {
        advisor.consider(batch([captured()]));
        await eventually(() => world.stored.length > n || capped());
      }
      expect(capped()).toBe(true);
      world.now += 61_000;
      const more = captured();
      advisor.consider(batch([more]));
      await eventually(async () =>
        expect(await state(more.fingerprint)).toMatchObject({ state: 'put-off', reason: cap }),
      );
      expect(world.lines.filter(({ fields }) => fields.cap === cap)).toHaveLength(1);
      const sent = model.calls.length;
      expect(sent).toBeGreaterThan(0);
      expect(sent).toBeLessThanOrEqual(most);
      const spent = (await world.limits.get('model'))?.value;
      expect(spent?.tokens).toBeLessThanOrEqual(settings(caps).caps.tokensPerDay);
      expect(spent?.usd).toBeLessThanOrEqual(settings(caps).caps.usdPerDay);
      await advisor.stop();
      // Another healer, another boot.
      world.now += 90_000;
      const next = open(caps, 'healer-2');
      const late = captured();
      next.consider(batch([late]));
      await eventually(async () =>
        expect(await state(late.fingerprint)).toMatchObject({ state: 'put-off', reason: cap }),
      );
      expect(model.calls).toHaveLength(sent);
      expect(world.lines.filter(({ fields }) => fields.cap === cap).length).toBeLessThanOrEqual(2);
      // The error is not lost: it is sent when there is budget again.
      world.now += 25 * HOUR;
      await untilIdle(next, late);
    },
  );

  it('never sends a prompt without a key', async () => {
    const advisor = world.advisor(null);
    const adding = () => advisor.consider(batch([captured()]));
    expect(adding).not.toThrow();
    await advisor.stop();
    expect(await world.prompts.keys()).toEqual([]);
    expect(model.calls).toEqual([]);
  });

  it('never throws, whatever it is given, and sends nothing while the bus is away', async () => {
    const advisor = open();
    for (const odd of [null, undefined, {}, { captures: [null] }, { captures: 'x' }])
      expect(() => advisor.consider(odd as never)).not.toThrow();
    const error = captured();
    world.prompts.away = true;
    advisor.consider(batch([error]));
    world.prompts.away = false;
    const limits = captured();
    await untilIdle(advisor);
    world.limits.away = true;
    advisor.consider(batch([limits]));
    await eventually(async () =>
      expect(await state(limits.fingerprint)).toMatchObject({ state: 'put-off', reason: 'not_counted' }),
    );
    expect(model.calls).toHaveLength(1);
  });

  it('keeps a verdict while PostgreSQL is away, over a restart too', async () => {
    world.databaseAway = true;
    const error = captured();
    const advisor = open();
    advisor.consider(batch([error]));
    await eventually(async () => expect(await state(error.fingerprint)).toMatchObject({ state: 'received' }));
    await eventually(() =>
      expect(world.lines).toContainEqual(expect.objectContaining({ event: 'verdict.store_failed' })),
    );
    await advisor.stop();
    expect(world.stored).toEqual([]);
    const verdictStore = world.verdictStore();
    await verdictStore.adopt();
    world.databaseAway = false;
    await eventually(() => expect(world.stored).toMatchObject([{ fingerprint: error.fingerprint }]));
    await eventually(async () => expect(await state(error.fingerprint)).toMatchObject({ state: 'stored' }));
    await verdictStore.stop();
    expect(model.calls).toHaveLength(1);
  });

  it('stops at once, with a question under way', async () => {
    model.behaviour = hangs;
    const advisor = open();
    advisor.consider(batch([captured(), captured()]));
    await eventually(() => model.calls.length === 1);
    const began = performance.now();
    await advisor.stop();
    expect(performance.now() - began).toBeLessThan(allowedMs(300));
    expect(model.calls).toHaveLength(1);
  });

  it('writes the key nowhere', async () => {
    model.next.push(
      sendsJson(401, { error: { message: `Wrong key ${KEY}`, code: 'invalid_api_key' } }),
      (call, response) => completes({ root_cause: `The key ${KEY.slice(0, 3)} is wrong` })(call, response),
    );
    const advisor = open();
    advisor.consider(batch([captured(), captured()]));
    await untilIdle(advisor);
    expect(await world.everything()).not.toContain(KEY);
  });
});
