import { describe, expect, it } from '@jest/globals';
import { headers, type Msg } from '@nats-io/transport-node';
import { callHeaders, plainHeaders, readCallHeaders, readHeader, statusOf } from './wire-headers.ts';

const call = {
  requestId: 'req_1',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  deadlineMs: 1999.4,
  principalToken: 'payload.signature',
};

/** A message as the client's parser makes it: header bytes and body in one piece. */
const parsed = (text: string) =>
  ({ _rdata: Buffer.from(`${text}body`), _msg: { hdr: Buffer.byteLength(text) } }) as unknown as Msg;
const encoded = (h: ReturnType<typeof headers>) =>
  Buffer.from((h as unknown as { encode(): Uint8Array }).encode()).toString();

describe('headers on the wire', () => {
  it('are read as they were written, whole milliseconds rounded up', () => {
    expect(readCallHeaders(parsed(encoded(callHeaders(call))))).toEqual({
      ...call,
      deadlineMs: 2000,
      fromStream: false,
    });
  });

  it('are read through the public interface of a client with other internals', () => {
    const h = headers();
    for (const [name, value] of [
      ['Request-Id', 'req_1'],
      ['Deadline-Ms', '2000'],
    ] as const)
      h.set(name, value);
    expect(readCallHeaders({ headers: h } as Msg)).toMatchObject({ requestId: 'req_1', deadlineMs: 2000 });
    expect(readCallHeaders({} as Msg).requestId).toBeUndefined();
  });

  it('are what the client itself would have written', () => {
    const h = headers();
    h.set('Nats-Msg-Id', 'evt_1');
    h.set('Dead-Reason', 'a: b');
    expect(encoded(plainHeaders({ 'Nats-Msg-Id': 'evt_1', 'Dead-Reason': 'a: b' }))).toBe(encoded(h));
  });

  it('give nothing for missing, empty or invalid values', () => {
    const nothing = {
      requestId: undefined,
      traceparent: undefined,
      deadlineMs: undefined,
      principalToken: undefined,
      fromStream: false,
    };
    expect(readCallHeaders(parsed(''))).toEqual(nothing);
    expect(readCallHeaders(parsed('NATS/1.0\r\nRequest-Id:\r\nDeadline-Ms: soon\r\n\r\n'))).toEqual(nothing);
    expect(readHeader(parsed('NATS/1.0\r\nX-Request-Id: 1\r\n\r\n'), 'Request-Id')).toBeUndefined();
  });

  it('say whether they come from a stream', () => {
    const text = (name: string) => `NATS/1.0\r\nDeadline-Ms: 1\r\n${name}: 1\r\n\r\n`;
    for (const name of ['Nats-Stream', 'Nats-Msg-Id', 'Nats-Sequence'])
      expect(readCallHeaders(parsed(text(name))).fromStream).toBe(true);
    expect(readCallHeaders(parsed(text('X-Nats-Stream'))).fromStream).toBe(false);
  });

  it('carry the status of the server', () => {
    expect(statusOf(parsed('NATS/1.0 503\r\n\r\n'))).toBe(503);
    expect(statusOf(parsed('NATS/1.0 409 Consumer Deleted\r\nNats-Pending-Messages: 3\r\n\r\n'))).toBe(409);
    expect(statusOf(parsed('NATS/1.0\r\nA: 503\r\n\r\n'))).toBe(0);
  });

  it('never hold a line break', () => {
    expect(() => callHeaders({ ...call, requestId: 'a\r\nPrincipal: b' })).toThrow(TypeError);
    expect(() => plainHeaders({ A: 'b\nC: d' })).toThrow(TypeError);
  });
});
