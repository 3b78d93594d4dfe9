import type { CallOrigin } from '@gridworks/observability';
import { headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';

/** The headers of a request. */
export interface CallHeaders {
  readonly requestId: string | undefined;
  /** W3C `traceparent` of the caller's span. */
  readonly traceparent: string | undefined;
  /** Milliseconds that the caller still waits, counted from the sending; never a clock time. */
  readonly deadlineMs: number | undefined;
  /** The signed principal on whose behalf the request is sent. */
  readonly principalToken: string | undefined;
  /** Any printable text. */
  readonly idempotencyKey?: string | undefined;
  /** Where the call came from; sent with requests that leave an audit entry. */
  readonly origin?: CallOrigin | undefined;
}

/** The headers of a received request. */
export interface ReceivedHeaders extends CallHeaders {
  /**
   * The message has a header of JetStream (`Nats-Stream`, `Nats-Msg-Id` and the like), which no request has.
   */
  readonly fromStream: boolean;
}

const LINE_BREAK = /[\r\n]/;
const START = 'NATS/1.0';

function line(name: string, value: string): string {
  if (LINE_BREAK.test(value)) throw new TypeError(`line break in header ${name}`);
  return `\r\n${name}: ${value}`;
}

/** Whether the client accepts headers as finished text; `probeHeaderText` decides this once per process. */
let takesText = true;
const PROBE_MS = 2000;
const PROBE_VALUE = 'a: b';

/**
 * Headers as finished text. `publish()` of the client only calls `encode()` on headers; the client's own
 * class checks and copies each name and value at each call, which costs a third of a request round trip.
 */
class HeaderText {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  encode(): Uint8Array {
    return Buffer.from(this.#text, 'latin1');
  }
}

function asHeaders(text: string): MsgHdrs {
  if (takesText) return new HeaderText(`${text}\r\n\r\n`) as unknown as MsgHdrs;
  const h = headers();
  for (const one of text.split('\r\n').slice(1)) {
    const colon = one.indexOf(':');
    h.append(one.slice(0, colon), one.slice(colon + 2));
  }
  return h;
}

/**
 * Sends headers as finished text to a subject of this service and checks whether they come back unchanged.
 * When the client does not accept them, because a release changed its internals, all headers are written by
 * the client's public class from then on: slower, and the same bytes. Returns whether text is accepted; null
 * when the server did not respond, which decides nothing.
 */
export async function probeHeaderText(nc: NatsConnection, subject: string): Promise<boolean | null> {
  takesText = true;
  const { promise, resolve } = Promise.withResolvers<Msg | null>();
  const subscription = nc.subscribe(subject, {
    max: 1,
    callback: (error, msg) => resolve(error ? null : msg),
  });
  const late = setTimeout(() => resolve(null), PROBE_MS);
  try {
    nc.publish(subject, '', { headers: plainHeaders({ Probe: PROBE_VALUE }) });
    const msg = await promise;
    if (msg === null) return null;

    takesText = msg.headers?.get('Probe') === PROBE_VALUE && readHeader(msg, 'Probe') === PROBE_VALUE;
  } catch {
    takesText = false;
  } finally {
    clearTimeout(late);
    subscription.unsubscribe();
  }
  return takesText;
}

/** Headers of a request. Throws a TypeError when a value contains a line break. */
export function callHeaders(call: CallHeaders): MsgHdrs {
  let text = START;
  if (call.requestId !== undefined) text += line('Request-Id', call.requestId);
  if (call.deadlineMs !== undefined) text += `\r\nDeadline-Ms: ${Math.ceil(call.deadlineMs)}`;
  if (call.traceparent !== undefined) text += line('traceparent', call.traceparent);
  if (call.principalToken !== undefined) text += line('Principal', call.principalToken);
  if (call.idempotencyKey !== undefined)
    text += line('Idempotency-Key', encodeURIComponent(call.idempotencyKey));
  if (call.origin?.network !== undefined) text += line('Caller-Network', call.origin.network);
  if (call.origin?.userAgent !== undefined)
    text += line('Caller-Agent', encodeURIComponent(call.origin.userAgent));
  return asHeaders(text);
}

/** Any other headers. Throws a TypeError when a value contains a line break. */
export function plainHeaders(values: Readonly<Record<string, string>>): MsgHdrs {
  let text = START;
  for (const [name, value] of Object.entries(values)) text += line(name, value);
  return asHeaders(text);
}

/** The headers of a message as text, lines separated by CRLF; '' when it has none. */
function headerText(msg: Msg): string {
  const raw = msg as unknown as { _rdata?: Uint8Array; _msg?: { hdr: number } };
  if (raw._msg !== undefined && raw._rdata !== undefined) {
    const length = raw._msg.hdr;
    return length > 0 ? Buffer.prototype.latin1Slice.call(raw._rdata, 0, length) : '';
  }
  // A client with other internals: its public interface, slower.
  return Buffer.from((msg.headers as (MsgHdrs & HeaderText) | undefined)?.encode() ?? []).toString('latin1');
}

function valueIn(text: string, name: string): string | undefined {
  const at = text.indexOf(`\r\n${name}:`);
  if (at < 0) return undefined;
  const from = at + name.length + 3;
  return text.slice(from, text.indexOf('\r\n', from)).trim();
}

/** A value that was written percent-encoded. */
function encodedIn(text: string, name: string): string | undefined {
  const value = valueIn(text, name);
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** Reads headers that `callHeaders` wrote. A missing or invalid value is undefined. */
export function readCallHeaders(msg: Msg): ReceivedHeaders {
  const text = headerText(msg);
  const deadline = valueIn(text, 'Deadline-Ms');
  const deadlineMs = deadline === undefined ? Number.NaN : Number(deadline);
  return {
    requestId: valueIn(text, 'Request-Id') || undefined,
    traceparent: valueIn(text, 'traceparent') || undefined,
    deadlineMs: Number.isFinite(deadlineMs) ? deadlineMs : undefined,
    principalToken: valueIn(text, 'Principal') || undefined,
    idempotencyKey: encodedIn(text, 'Idempotency-Key'),
    ...(text.includes('\r\nCaller-') && {
      origin: {
        network: valueIn(text, 'Caller-Network') || undefined,
        userAgent: encodedIn(text, 'Caller-Agent') || undefined,
      },
    }),
    fromStream: text.includes('\r\nNats-'),
  };
}

/** One header of a message; undefined when it is missing. Names are case-sensitive. */
export function readHeader(msg: Msg, name: string): string | undefined {
  return valueIn(headerText(msg), name);
}

/**
 * The status of a message from the server itself: 503 no responders, 404, 408, 409, 100 heartbeat; 0 for
 * none.
 */
export function statusOf(msg: Msg): number {
  const text = headerText(msg);
  return text.startsWith(`${START} `) ? Number.parseInt(text.slice(START.length + 1), 10) || 0 : 0;
}

/** Whether the message has any header, without reading them. */
export function hasHeaders(msg: Msg): boolean {
  const raw = msg as unknown as { _msg?: { hdr: number } };
  return raw._msg === undefined ? msg.headers !== undefined : raw._msg.hdr > 0;
}
