import { AppError, newId, type Principal } from '@gridworks/contracts';
import { currentContext, newTraceparent, runInContext } from '@gridworks/observability';
import { allowedMs, eventually, type NatsServer, recordHealing, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { PrincipalSigner } from '../src/index.ts';
import { CLOCK_LEEWAY_MS } from '../src/principals/principal-token.ts';
import { charge, closeAll, connectBus, echo, SIGNING_KEY, WRONG } from './bus-under-test.ts';

const principal: Principal = {
  kind: 'session',
  id: newId('session'),
  partner_id: newId('partner'),
  user_id: newId('user'),
  role: 'owner',
  mode: null,
};

const other = { ...echo, subject: 'rpc.billing.other.get', input: z.strictObject({}) };

describe('requests and responses', () => {
  let server: NatsServer;
  let raw: NatsConnection;
  beforeAll(async () => {
    server = await startNats();
    raw = await connect({ servers: server.url, inboxPrefix: '_INBOX_gateway' });
  });
  afterEach(closeAll);
  afterAll(async () => {
    await raw.close();
    await server.stop();
  });

  const requestRaw = async (body: string | Uint8Array, values: Record<string, string> = {}) => {
    const h = headers();
    for (const [name, value] of Object.entries(values)) h.set(name, value);
    const reply = await raw.request(echo.subject, body, { timeout: 2000, headers: h });
    return {
      header: reply.headers?.get('Nats-Service-Error'),
      status: reply.headers?.get('Nats-Service-Error-Code'),
      body: reply.json<Record<string, unknown>>(),
    };
  };

  it('give the handler the validated input with its defaults, and the caller the output', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, async (input) => ({
      text: input.text.repeat(input.times),
      secret: 'not of the output',
    }));
    expect(await gateway.request(echo, { text: 'ab' })).toEqual({ text: 'ab' });
    expect(await gateway.request(echo, { text: 'ü', times: 3 })).toEqual({ text: 'üüü' });
    const bytes = await gateway.forward(echo, { text: 'as it is' });
    expect(JSON.parse(Buffer.from(bytes).toString())).toEqual({
      text: 'as it is',
      secret: 'not of the output',
    });
    expect(billing.counts()).toEqual({ ok: 3, failed: 0 });
  });

  it('carry an error with everything a caller needs to know', async () => {
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, () => {
      throw new AppError(WRONG, { detail: 'Not so', details: { n: 1 }, retryAfterMs: 70 });
    });
    const error = await gateway.request(echo, { text: '' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'BILLING.WRONG',
      kind: 'conflict',
      title: 'That is wrong',
      message: 'Not so',
      retryable: false,
      details: { n: 1 },
      retryAfterMs: 70,
    });
    expect((await requestRaw('{"text":""}')).status).toBe('409');
  });

  it('hide the unexpected error of a handler', async () => {
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, () => {
      throw new Error('password=hunter2');
    });
    const reply = await requestRaw('{"text":""}');
    expect(reply.body).toMatchObject({ code: 'PLATFORM.INTERNAL', retryable: false });
    expect(JSON.stringify(reply)).not.toContain('hunter2');
    expect(billing.counts()).toEqual({ ok: 0, failed: 1 });
  });

  it.each([
    ['not JSON', 'junk}'],
    ['nothing', ''],
    ['not UTF-8', new Uint8Array([0x7b, 0xff, 0xfe])],
    ['of another shape', '[1,2]'],
    ['too much', '{"text":"a","more":1}'],
    ['a prototype', '{"text":"a","__proto__":{"times":7},"constructor":{"prototype":{"times":7}}}'],
  ])('reject a request that is %s with INVALID_INPUT, and go on', async (_, body) => {
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, async ({ text }) => ({ text }));
    const reply = await requestRaw(body);
    expect(reply).toMatchObject({
      header: 'PLATFORM.INVALID_INPUT',
      status: '400',
      body: { code: 'PLATFORM.INVALID_INPUT', kind: 'invalid_input' },
    });
    expect((reply.body as { problems: unknown[] }).problems.length).toBeGreaterThan(0);
    expect((await requestRaw('{"text":"still here"}')).body).toEqual({ text: 'still here' });
  });

  it('name the place of each problem by JSON Pointer', async () => {
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, async ({ text }) => ({ text }));
    const { body } = await requestRaw('{"text":1,"times":1.5}');
    const { problems } = body as { problems: { pointer: string }[] };
    expect(problems.map(({ pointer }) => pointer)).toEqual(['/text', '/times']);
  });

  it.each([
    ['not JSON', 'junk}'],
    ['empty', ''],
    ['of another shape', '{"txt":1}'],
    ['null', 'null'],
  ])('fail only for the caller of a reply that is %s', async (_, junk) => {
    const gateway = await connectBus(server, 'gateway');
    const sub = raw.subscribe(echo.subject, {
      queue: 'billing',
      callback: (_error, msg) => void msg.respond(junk),
    });
    await raw.flush();
    await expect(gateway.request(echo, { text: 'a' })).rejects.toMatchObject({ code: 'PLATFORM.INTERNAL' });
    sub.unsubscribe();
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, async ({ text }) => ({ text }));
    await eventually(async () => expect(await gateway.request(echo, { text: 'b' })).toEqual({ text: 'b' }));
  });

  it.each(['junk', '{}', '{"code":5}', '{"code":"X.Y","kind":"no such kind"}', 'null'])(
    'turn an error reply with the body %s into an INTERNAL error of its caller',
    async (junk) => {
      const gateway = await connectBus(server, 'gateway');
      const h = headers();
      h.set('Nats-Service-Error', 'X');
      const sub = raw.subscribe(echo.subject, {
        callback: (_e, msg) => void msg.respond(junk, { headers: h }),
      });
      await raw.flush();
      await expect(gateway.request(echo, { text: 'a' })).rejects.toMatchObject({ code: 'PLATFORM.INTERNAL' });
      sub.unsubscribe();
      await raw.flush();
    },
  );

  it('report a missing service before the deadline of the caller', async () => {
    const gateway = await connectBus(server, 'gateway');
    const start = performance.now();
    await expect(gateway.request(echo, { text: '' }, { deadlineMs: 400 })).rejects.toMatchObject({
      code: 'PLATFORM.UNAVAILABLE',
      retryable: true,
      retryAfterMs: 1000,
    });
    expect(performance.now() - start).toBeLessThan(allowedMs(500));
  });

  it('do not wait for a silent responder beyond the deadline', async () => {
    const gateway = await connectBus(server, 'gateway');
    const sub = raw.subscribe(echo.subject);
    await raw.flush();
    const start = performance.now();
    await expect(gateway.request(echo, { text: '' }, { deadlineMs: 200 })).rejects.toMatchObject({
      code: 'PLATFORM.DEADLINE_EXCEEDED',
    });
    expect(performance.now() - start).toBeGreaterThan(150);
    expect(performance.now() - start).toBeLessThan(allowedMs(1500));
    sub.unsubscribe();
    await raw.flush();
  });

  it('end when the caller aborts', async () => {
    const gateway = await connectBus(server, 'gateway');
    const sub = raw.subscribe(echo.subject);
    await raw.flush();
    const abort = new AbortController();
    const requested = gateway.request(echo, { text: '' }, { signal: abort.signal });
    abort.abort(new Error('the browser has gone'));
    await expect(requested).rejects.toThrow('the browser has gone');
    sub.unsubscribe();
    await raw.flush();
  });

  it('do no work after the deadline, and send no late response', async () => {
    const billing = await connectBus(server, 'billing');
    let handled = 0;
    let finish: (value: { text: string }) => void = () => undefined;
    await billing.serve(echo, () => {
      handled++;
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    const late = await requestRaw('{"text":""}', { 'Deadline-Ms': '0' });
    expect(late.body).toMatchObject({ code: 'PLATFORM.DEADLINE_EXCEEDED' });
    expect(handled).toBe(0);

    const inbox = raw.subscribe('_INBOX_gateway.late', { max: 1 });
    const h = headers();
    h.set('Deadline-Ms', '50');
    const published = performance.now();
    raw.publish(echo.subject, '{"text":""}', { reply: '_INBOX_gateway.late', headers: h });
    await eventually(() => expect(handled).toBe(1));
    await eventually(() => performance.now() - published > 60);
    finish({ text: 'too late' });
    await eventually(() => expect(billing.inFlight()).toBe(0));
    await billing.rtt();
    await raw.flush();
    expect(inbox.getReceived()).toBe(0);
    expect(billing.counts()).toEqual({ ok: 0, failed: 2 });
    inbox.unsubscribe();
  });

  it('pass request id, trace, principal and remaining time on from call to call', async () => {
    const gateway = await connectBus(server, 'gateway');
    const support = await connectBus(server, 'support');
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, (_input, call) => ({
      text: JSON.stringify({ ...call, same: currentContext()?.requestId === call.requestId }),
    }));
    await support.serve(charge, async () => {
      const { text } = await support.request(echo, { text: '' }, { deadlineMs: 60_000 });
      throw new AppError(WRONG, { detail: text });
    });
    const traceparent = newTraceparent();
    const context = {
      requestId: newId('request'),
      traceparent,
      deadlineAt: undefined,
      principal: undefined,
    };
    const error = await runInContext(context, () =>
      gateway.request(charge, {}, { principal, deadlineMs: 1500 }),
    ).catch((thrown: unknown) => thrown as AppError);
    const seen = JSON.parse((error as AppError).message);
    expect(seen).toMatchObject({ requestId: context.requestId, same: true });
    // Only the gateway can name a principal: a request of a service has none.
    expect(seen.principal).toBeUndefined();
    expect(seen.traceparent.slice(3, 35)).toBe(traceparent.slice(3, 35));
    expect(seen.deadlineAt).toBeLessThanOrEqual(Date.now() + 1500);
  });

  it('accept no principal that is forged or expired', async () => {
    const billing = await connectBus(server, 'billing');
    let handled = 0;
    await billing.serve(echo, (_input, call) => {
      handled++;
      return { text: call.principal?.id ?? 'nobody' };
    });
    const signer = new PrincipalSigner(SIGNING_KEY);
    const good = signer.sign(principal, echo.subject);
    const aged = new PrincipalSigner(SIGNING_KEY, () => Date.now() - CLOCK_LEEWAY_MS - 1000);
    expect((await requestRaw('{"text":""}', { Principal: good })).body).toEqual({ text: principal.id });
    for (const forged of [
      new PrincipalSigner('another key').sign({ ...principal, role: 'platform_admin' }, echo.subject),
      signer.sign(principal, charge.subject),
      aged.sign(principal, echo.subject),
      // Not its end: the last byte of an Ed25519 signature is 0 in one of sixteen.
      good.replace(/.(?=.{20}$)/, (char) => (char === 'A' ? 'B' : 'A')),
      'admin',
      JSON.stringify(principal),
    ]) {
      expect((await requestRaw('{"text":""}', { Principal: forged })).body).toMatchObject({
        code: 'PLATFORM.UNAUTHENTICATED',
      });
    }
    expect(handled).toBe(1);
  });

  it.each(['rpc.billing.*.get', 'rpc.billing.>', '>', 'rpc.billing.echo get', ''])(
    'cannot be sent on the subject %j',
    async (subject) => {
      const gateway = await connectBus(server, 'gateway');
      await expect(gateway.request({ ...echo, subject }, { text: '' })).rejects.toThrow(/not a subject/);
      await expect(gateway.publishRaw(subject, '{}', {})).rejects.toThrow(/not a subject/);
    },
  );

  it('name a message that is too large, in either direction', async () => {
    const { healing: environment, records } = recordHealing();
    const gateway = await connectBus(server, 'gateway');
    const billing = await connectBus(server, 'billing', { environment });
    await billing.serve(echo, ({ times }) => ({ text: 'x'.repeat(times) }));
    await expect(gateway.request(echo, { text: 'x'.repeat(1_100_000) })).rejects.toMatchObject({
      code: 'PLATFORM.INVALID_INPUT',
    });
    // Measured in bytes, to the last one.
    await billing.serve(other, () => ({ text: '€'.repeat(349_521) }));
    await expect(gateway.request(other, {})).resolves.toMatchObject({ text: expect.stringMatching(/^€+$/) });
    await expect(gateway.request(echo, { text: '', times: 1_100_000 })).rejects.toMatchObject({
      code: 'PLATFORM.RESPONSE_TOO_LARGE',
      kind: 'internal',
      retryable: false,
      message: 'The response has 1100011 bytes; a message may have at most 1048576. Request less at a time.',
    });
    // A fault of the service: reported like an unexpected error of a handler.
    await eventually(() => expect(records.map(({ source }) => source)).toEqual(['billing.echo.get']));
    expect(billing.counts()).toEqual({ ok: 1, failed: 1 });
    expect(await gateway.request(echo, { text: '', times: 2 })).toEqual({ text: 'xx' });
  });

  it('let no line break into a header', async () => {
    const gateway = await connectBus(server, 'gateway');
    await expect(
      gateway.request(echo, { text: '' }, { requestId: 'a\r\nPrincipal: forged' }),
    ).rejects.toThrow(/line break/);
  });
});
