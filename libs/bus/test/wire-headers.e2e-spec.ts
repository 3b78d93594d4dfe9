import { SERVICES } from '@gridworks/contracts';
import { type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { inboxPrefix } from '../src/permissions/nats-permissions.ts';
import { callHeaders, plainHeaders, probeHeaderText, readCallHeaders } from '../src/wire/wire-headers.ts';

const CALL = {
  requestId: 'req_1',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  deadlineMs: 2000,
  principalToken: 'payload.signature',
  idempotencyKey: 'é "a" \\ %2F, c',
};

describe('headers through a server', () => {
  let server: NatsServer;
  let nc: NatsConnection;
  beforeAll(async () => {
    server = await startNats();
    nc = await connect({ servers: server.url });
  });
  afterEach(() => probeHeaderText(nc, 'headers.probe'));
  afterAll(async () => {
    await nc.close();
    await server.stop();
  });

  /** A client of a release that checks the headers it is given. */
  const strict = new Proxy({} as NatsConnection, {
    get: (_, name) => {
      if (name !== 'publish') return Reflect.get(nc, name).bind(nc);
      return (subject: string, body: string, options: { headers: object }) => {
        if (!('append' in options.headers)) throw new TypeError('these are no headers of mine');
        nc.publish(subject, body, options as never);
      };
    },
  });

  async function received(): Promise<Msg> {
    const { promise, resolve } = Promise.withResolvers<Msg>();
    nc.subscribe('headers.call', { max: 1, callback: (_error, msg) => resolve(msg) });
    nc.publish('headers.call', '{}', { headers: callHeaders(CALL) });
    return promise;
  }

  it('can be probed by every service under its allow-list', async () => {
    const guarded = await startNats({ withPermissions: true });
    try {
      for (const service of SERVICES) {
        const { user, password } = guarded.credentials(service);
        const own = await connect({ servers: guarded.url, user, pass: password });
        expect(await probeHeaderText(own, `${inboxPrefix(service)}.headers.probe`)).toBe(true);
        await own.close();
      }
    } finally {
      await guarded.stop();
    }
  });

  it('are written as finished text by this client, and read back', async () => {
    expect(await probeHeaderText(nc, 'headers.probe')).toBe(true);
    expect(plainHeaders({ A: 'b' })).not.toHaveProperty('append');
    expect(readCallHeaders(await received())).toEqual({ ...CALL, fromStream: false });
  });

  it('are written by the public class of a client that accepts no text, with the same bytes', async () => {
    const text = Buffer.from((await received()).headers?.toString() ?? '');
    expect(await probeHeaderText(strict, 'headers.probe')).toBe(false);
    expect(plainHeaders({ A: 'b' })).toHaveProperty('append');
    const msg = await received();
    expect(readCallHeaders(msg)).toEqual({ ...CALL, fromStream: false });
    expect(Buffer.from(msg.headers?.toString() ?? '')).toEqual(text);
  });
});
