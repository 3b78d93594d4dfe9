import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { respondsOk } from './liveness.ts';

/** Resolves when a GET responds 200 within 1 s; throws otherwise. */
export async function probeHttp(url: string, signal: AbortSignal): Promise<void> {
  if (!(await respondsOk(url, 1_000, signal))) throw new Error(`${url} does not respond 200`);
}

/** The expected response did not come in time. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
}

/** A connection to `host`, with TLS when requested; data that is written before it is open waits. */
export function openSocket(to: { host: string; port: number; tls?: boolean }): Socket {
  const { host, port, tls = false } = to;
  return tls ? connectTls({ host, port, servername: isIP(host) ? '' : host }) : connect({ host, port });
}

/**
 * Opens a connection, sends `hello`, and resolves with the response once it is `wanted`; throws otherwise.
 */
export function converse(
  open: () => Socket,
  hello: string | Buffer,
  wanted: RegExp,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = open();
    let response = '';
    const end = (error?: Error) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      if (error) reject(error);
      else resolve(response);
    };
    const onAbort = () => end(new SilenceError('it is silent'));
    signal.addEventListener('abort', onAbort);
    if (hello.length > 0) socket.write(hello);
    socket.on('data', (chunk) => {
      response += chunk.toString('latin1');
      if (wanted.test(response)) end();
    });
    socket.on('error', end);
    socket.on('close', () => end(new Error(`it closed the connection: ${response.slice(0, 100)}`)));
  });
}

const loopback = (port: number) => () => openSocket({ host: '127.0.0.1', port });

/** NATS sends its greeting without a request; JetStream must work, too. */
export async function probeNats(port: number, signal: AbortSignal): Promise<void> {
  await converse(loopback(port), '', /^INFO \{.*"jetstream":true/, signal);
}

/** While Redis loads its data it responds with -LOADING, which counts as a failure. */
export async function probeRedis(port: number, password: string, signal: AbortSignal): Promise<void> {
  await converse(loopback(port), `AUTH ${password}\r\nPING\r\n`, /\+OK\r\n\+PONG/, signal);
}

/**
 * Sends a startup message, to which a server that accepts connections responds with a request for a password
 * ('R').
 */
export async function probePostgres(port: number, signal: AbortSignal): Promise<void> {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + parameters.length, 0);
  head.writeInt32BE(196_608, 4); // protocol 3.0
  await converse(loopback(port), Buffer.concat([head, parameters]), /^R/, signal);
}
