import { allowedMs } from '@gridworks/testing/load';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { captured, KEY, ModelWorld, settingsFor } from '../../test/fake-model.ts';
import {
  completes,
  cutsMidBody,
  type FakeModel,
  fails,
  hangs,
  hangsMidBody,
  says,
  sendsEndlessly,
  sendsHtml,
  sendsJson,
  startFakeModel,
} from '../../test/fake-model-server.ts';
import { buildPrompt, type Prompt } from './build-prompt.ts';
import { MODEL_BREAKER } from './model-client.ts';

const prompt = buildPrompt('billing', captured()) as Prompt;

describe('asking a model over HTTP', () => {
  let model: FakeModel;
  let backup: FakeModel;
  let world: ModelWorld;
  beforeAll(async () => {
    [model, backup] = await Promise.all([startFakeModel(), startFakeModel()]);
  });
  beforeEach(() => {
    world = new ModelWorld();
  });
  afterEach(() => {
    for (const server of [model, backup]) {
      server.behaviour = completes();
      server.calls.length = server.next.length = 0;
    }
  });
  afterAll(() => Promise.all([model.stop(), backup.stop()]));
  const send = (change = {}) => world.promptSender(settingsFor(model.url, change)).send(prompt);
  const withBackup = () => ({ backup: { url: backup.url, key: 'other-key', model: 'other-model' } });

  it('sends the prompt with a strict schema, and reads the verdict', async () => {
    const outcome = await send();
    expect(outcome).toEqual({
      opinion: {
        rootCause: 'The other side closed the connection.',
        kind: 'connection_lost',
        strategy: 'RETRY_WITH_BACKOFF',
        confidence: 0.8,
        evidence: ['the frobnicator lost its sprocket at gat'],
        model: 'test-model-2026-11-01',
      },
    });
    const [call] = model.calls;
    expect(call).toMatchObject({
      path: '/v1/chat/completions',
      authorization: `Bearer ${KEY}`,
      body: { model: 'test-model', max_completion_tokens: 300, response_format: { type: 'json_schema' } },
    });
    expect(call?.body.response_format.json_schema).toMatchObject({
      strict: true,
      schema: { additionalProperties: false },
    });
  });

  it.each([
    ['an invented strategy', completes({ strategy: 'DROP_TABLE' }), 'unknown_strategy'],
    ['an invented kind', completes({ kind: 'gremlins' }), 'unknown_kind'],
    ['another target', completes({ target: 'auth.redis.command' }), 'wrong_target'],
    ['an empty target', completes({ target: '' }), 'wrong_target'],
    ['a wildcard target', completes({ target: '*' }), 'wrong_target'],
    ['a further key', completes({ command: 'rm -rf /' }), 'wrong_shape'],
    ['a confidence above 1', completes({ confidence: 1.5 }), 'wrong_shape'],
    ['a confidence in words', completes({ confidence: 'very' }), 'wrong_shape'],
    ['made-up evidence', completes({ evidence: ['disk sda1 is full'] }), 'no_evidence'],
    ['no evidence', completes({ evidence: [] }), 'no_evidence'],
    ['what stands in every report', completes({ evidence: ['Error', 'a', '', 'database'] }), 'no_evidence'],
    ['prose', says('I think it is a network problem.'), 'not_json'],
    ['JSON in a fence', says('```json\n{}\n```'), 'not_json'],
    ['half of a JSON', says('{"root_cause":"The oth'), 'not_json'],
    ['null', says('null'), 'wrong_shape'],
    ['an answer cut off', completes({}, { finish_reason: 'length' }), 'cut_off'],
    ['a tool call', completes({}, { finish_reason: 'tool_calls' }), 'not_finished'],
    ['a content filter', completes({}, { finish_reason: 'content_filter' }), 'declined'],
    ['a refusal', says('', { message: { content: null, refusal: 'I cannot help' } }), 'declined'],
    ['no choice', sendsJson(200, { model: 'm', choices: [] }), 'no_choice'],
    ['something else', sendsJson(200, { hello: 'world' }), 'not_a_completion'],
  ])('takes %s for no verdict, and does not ask again', async (_name, behaviour, reason) => {
    model.behaviour = behaviour;
    expect(await send()).toEqual({ refused: reason });
    expect(model.calls).toHaveLength(1);
  });

  it('turns what it is not sure of into something to read only', async () => {
    model.behaviour = completes({ confidence: 0.4 });
    expect(await send()).toMatchObject({ opinion: { strategy: 'ESCALATE', confidence: 0.4 } });
  });

  it('waits as long as a 429 demands, and retries once', async () => {
    model.next.push(fails(429, 'rate_limit_exceeded', { 'retry-after': '0.3' }));
    const began = performance.now();
    expect(await send()).toHaveProperty('opinion');
    expect(performance.now() - began).toBeGreaterThanOrEqual(299);
    expect(model.calls).toHaveLength(2);
  });

  it('goes on when the repeat meets another trouble', async () => {
    model.next.push(fails(429, 'rate_limit_exceeded', { 'retry-after': '0.1' }), sendsHtml(200));
    expect(await send()).toHaveProperty('opinion');
    expect(model.calls).toHaveLength(3);
  });

  it('makes no repeat that a cap does not allow', async () => {
    model.behaviour = fails(500, 'server_error');
    const caps = { ...settingsFor(model.url).caps, callsPerHour: 1 };
    expect(await send({ caps })).toEqual({ unanswered: 'upstream_unavailable', billed: false });
    expect(model.calls).toHaveLength(1);
  });

  it('counts every attempt at what it may have used', async () => {
    const spent = async () => (await world.limits.get('model'))?.value.tokens ?? 0;
    model.next.push(fails(500, 'server_error'));
    expect(await send()).toHaveProperty('opinion');
    expect(await spent()).toBe(1_000);
    model.next.push(hangs);
    expect(await send()).toHaveProperty('opinion');
    // It is not known what the first attempt used: the most it could is counted.
    expect(await spent()).toBeGreaterThan(3_000);
    const before = await spent();
    model.behaviour = fails(401, 'invalid_api_key');
    expect(await send()).toHaveProperty('unanswered');
    expect(await spent()).toBe(before);
  });

  it('does not wait longer than the question may take', async () => {
    model.behaviour = fails(429, 'rate_limit_exceeded', { 'retry-after': '20' });
    expect(await send()).toEqual({ unanswered: 'rate_limited', billed: false });
    expect(model.calls).toHaveLength(1);
  });

  it.each([
    ['a 500', fails(500, 'server_error'), 'upstream_unavailable', false, 3],
    ['an HTML page with status 200', sendsHtml(200), 'bad_gateway_body', true, 3],
    ['an HTML page with status 502', sendsHtml(502), expect.any(String), false, 3],
    ['a proxy that stopped waiting', sendsHtml(504), expect.any(String), true, 3],
    ['a connection cut within the answer', cutsMidBody, 'connection_lost', true, 3],
    ['a wrong key', fails(401, 'invalid_api_key'), 'auth_failure', false, 1],
    [
      'an error that is not in the form of the protocol',
      sendsJson(400, { code: 'context_length_exceeded', message: 'too long' }),
      'payload_too_large',
      false,
      1,
    ],
    ['a spent quota', fails(429, 'insufficient_quota'), 'quota_exceeded', false, 1],
  ])('gives up after %s', async (_name, behaviour, kind, billed, calls) => {
    model.behaviour = behaviour;
    expect(await send()).toEqual({ unanswered: kind, billed });
    expect(model.calls).toHaveLength(calls);
  });

  it('follows no redirect: the prompt is not for other servers', async () => {
    model.behaviour = sendsJson(307, '', { location: `${backup.url}/chat/completions` });
    expect(await send()).toHaveProperty('unanswered');
    expect(backup.calls).toEqual([]);
  });

  it('says that JSON which was cut off is no answer', async () => {
    model.behaviour = sendsJson(200, '{"choices":[{"finish_reason":"st');
    expect(await send()).toMatchObject({ unanswered: expect.any(String), billed: true });
  });

  it.each([
    ['says nothing', hangs],
    ['stops within its answer', hangsMidBody],
  ])('does not wait for a server that %s', async (_name, behaviour) => {
    model.behaviour = behaviour;
    const began = performance.now();
    expect(await send()).toEqual({ unanswered: 'timeout', billed: true });
    expect(performance.now() - began).toBeLessThan(allowedMs(1_500));
  });

  it('does not read an answer that never ends', async () => {
    model.behaviour = sendsEndlessly(200);
    expect(await send()).toEqual({ unanswered: expect.not.stringMatching('timeout'), billed: true });
    model.behaviour = sendsEndlessly(400);
    const outcome = await send();
    expect(outcome).toMatchObject({ billed: false });
    expect(outcome).not.toMatchObject({ unanswered: 'timeout' });
  });

  it('says so when nobody listens', async () => {
    const gone = await startFakeModel();
    await gone.stop();
    const settings = settingsFor(gone.url);
    expect(await world.promptSender(settings).send(prompt)).toEqual({
      unanswered: 'connection_refused',
      billed: false,
    });
  });

  it('uses the backup, with its own key and model, and reports which endpoint responded', async () => {
    model.behaviour = fails(500, 'server_error');
    backup.behaviour = completes({ root_cause: 'From the backup.' });
    expect(await send(withBackup())).toMatchObject({ opinion: { rootCause: 'From the backup.' } });
    expect(backup.calls).toMatchObject([
      { authorization: 'Bearer other-key', body: { model: 'other-model' } },
    ]);
  });

  it('opens its breaker, calls the primary no more, and uses the backup at once', async () => {
    model.behaviour = fails(500, 'server_error');
    const environment = world.environment();
    const promptSender = world.promptSender(settingsFor(model.url), environment);
    for (let n = 0; n < 4; n++) await promptSender.send(prompt);
    expect(environment.breakers.get(MODEL_BREAKER)?.state).toBe('open');
    const sent = model.calls.length;
    expect(await promptSender.send(prompt)).toEqual({ unanswered: 'circuit_open', billed: false });
    expect(model.calls).toHaveLength(sent);
    const stored = await world.limits.get('model');
    expect(stored?.value.calls).toHaveLength(sent);
    const helped = world.promptSender(settingsFor(model.url, withBackup()), environment);
    expect(await helped.send(prompt)).toHaveProperty('opinion');
    expect(model.calls).toHaveLength(sent);
  });

  it('lets nobody read the key', async () => {
    const quoting = sendsJson(401, { error: { message: `Wrong key ${KEY}`, code: 'invalid_api_key' } });
    for (const behaviour of [quoting, sendsJson(400, `no ${KEY} here`), sendsJson(200, `text ${KEY}`)]) {
      model.behaviour = behaviour;
      const request = { messages: prompt.messages, begin: async () => () => undefined };
      const settings = settingsFor(model.url);
      const error: Error = await world
        .client(settings)
        .send(request, settings.primary)
        .then(
          () => Promise.reject(new Error('it answered')),
          (failure) => failure as Error,
        );
      expect(error.message).not.toContain('it answered');
      const all = `${error.stack} ${JSON.stringify(error)} ${JSON.stringify(Object.entries(error))}`;
      expect(all).not.toContain(KEY);
    }
  });
});
