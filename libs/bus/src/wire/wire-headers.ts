import { headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';

/** What travels with a request, beside its JSON body. */
export interface CallHeaders {
  readonly requestId: string | undefined;
  /** W3C `traceparent` of the caller's span. */
  readonly traceparent: string | undefined;
  /** Milliseconds that the caller still waits, counted from the sending; never a clock time. */
  readonly deadlineMs: number | undefined;
  /** The signed principal on whose behalf this is asked. */
  readonly principalToken: string | undefined;
  /** Any printable text. */
  readonly idempotencyKey?: string | undefined;
}

/** What came with a request. */
export interface ReceivedHeaders extends CallHeaders {
  /** It has a header of JetStream (`Nats-Stream`, `Nats-Msg-Id` and the like), which no request has. */
  readonly fromStream: boolean;
}

const LINE_BREAK = /[\r\n]/;
const START = 'NATS/1.0';

function line(name: string, value: string): string {
  if (LINE_BREAK.test(value)) throw new TypeError(`a line break in header ${name}`);
  return `\r\n${name}: ${value}`;
}

/** Whether finished text may be handed to the client; `probeHeaderText` decides it once a process. */
let takesText = true;
const PROBE_MS = 2000;
const PROBE_VALUE = 'a: b';

/**
 * Finished header text. `publish()` of the client asks of headers nothing but `encode()`; its own class checks
 * and copies each name and value at each call, which costs a third of a request round trip.
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
 * Sends finished header text to a subject of our own and looks whether it comes back as it was. When the client does not
 * take it, since a release of it changed inside, headers are written by its public class from now on: slower, and the same
 * bytes. Returns whether text is taken; null when the server did not answer, which decides nothing.
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

/** Headers of a request. Throws a TypeError when a value holds a line break. */
export function callHeaders(call: CallHeaders): MsgHdrs {
  let text = START;
  if (call.requestId !== undefined) text += line('Request-Id', call.requestId);
  if (call.deadlineMs !== undefined) text += `\r\nDeadline-Ms: ${Math.ceil(call.deadlineMs)}`;
  if (call.traceparent !== undefined) text += line('traceparent', call.traceparent);
  if (call.principalToken !== undefined) text += line('Principal', call.principalToken);
  if (call.idempotencyKey !== undefined)
    text += line('Idempotency-Key', encodeURIComponent(call.idempotencyKey));
  return asHeaders(text);
}

/** Any other headers. Throws a TypeError when a value holds a line break. */
export function plainHeaders(values: Readonly<Record<string, string>>): MsgHdrs {
  let text = START;
  for (const [name, value] of Object.entries(values)) text += line(name, value);
  return asHeaders(text);
}

/** The headers of a message as text, lines divided by CRLF; '' when it has none. */
function headerText(msg: Msg): string {
  const raw = msg as unknown as { _rdata?: Uint8Array; _msg?: { hdr: number } };
  if (raw._msg !== undefined && raw._rdata !== undefined) {
    const length = raw._msg.hdr;
    return length > 0 ? Buffer.prototype.latin1Slice.call(raw._rdata, 0, length) : '';
  }
  // A client with other insides: the public way, slower.
  return Buffer.from((msg.headers as (MsgHdrs & HeaderText) | undefined)?.encode() ?? []).toString('latin1');
}

function valueIn(text: string, name: string): string | undefined {
  const at = text.indexOf(`\r\n${name}:`);
  if (at < 0) return undefined;
  const from = at + name.length + 3;
  return text.slice(from, text.indexOf('\r\n', from)).trim();
}

function keyIn(text: string): string | undefined {
  const value = valueIn(text, 'Idempotency-Key');
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** Reads what `callHeaders` wrote. What is missing or makes no sense is undefined. */
export function readCallHeaders(msg: Msg): ReceivedHeaders {
  const text = headerText(msg);
  const deadline = valueIn(text, 'Deadline-Ms');
  const deadlineMs = deadline === undefined ? Number.NaN : Number(deadline);
  return {
    requestId: valueIn(text, 'Request-Id') || undefined,
    traceparent: valueIn(text, 'traceparent') || undefined,
    deadlineMs: Number.isFinite(deadlineMs) ? deadlineMs : undefined,
    principalToken: valueIn(text, 'Principal') || undefined,
    idempotencyKey: keyIn(text),
    fromStream: text.includes('\r\nNats-'),
  };
}

/** One header of a message; undefined when it is not there. Names are case-sensitive. */
export function readHeader(msg: Msg, name: string): string | undefined {
  return valueIn(headerText(msg), name);
}

/** The status of a message from the server itself: 503 no responders, 404, 408, 409, 100 heartbeat; 0: none. */
export function statusOf(msg: Msg): number {
  const text = headerText(msg);
  return text.startsWith(`${START} `) ? Number.parseInt(text.slice(START.length + 1), 10) || 0 : 0;
}

/** Whether the message has any header, without reading them. */
export function hasHeaders(msg: Msg): boolean {
  const raw = msg as unknown as { _msg?: { hdr: number } };
  return raw._msg === undefined ? msg.headers !== undefined : raw._msg.hdr > 0;
}
