import { connect } from 'node:net';
import { answersOk } from './liveness.ts';

/** Resolves when a GET answers 200 within 1 s; throws otherwise. */
export async function probeHttp(url: string, signal: AbortSignal): Promise<void> {
  if (!(await answersOk(url, 1_000, signal))) throw new Error(`${url} does not answer 200`);
}

/** Connects to a loopback port, says `hello`, and resolves when what comes back is `wanted`; throws otherwise. */
function converse(port: number, hello: string | Buffer, wanted: RegExp, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (error?: Error) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    const onAbort = () => end(new Error(`port ${port} is silent`));
    signal.addEventListener('abort', onAbort);
    let answer = '';
    socket.on('connect', () => socket.write(hello));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (wanted.test(answer)) end();
    });
    socket.on('error', end);
    socket.on('close', () => end(new Error(`port ${port} hung up: ${answer.slice(0, 100)}`)));
  });
}

/** NATS greets by itself; JetStream must be there too. */
export function probeNats(port: number, signal: AbortSignal): Promise<void> {
  return converse(port, '', /^INFO \{.*"jetstream":true/, signal);
}

/** While Redis loads its data it answers -LOADING, which does not do. */
export function probeRedis(port: number, password: string, signal: AbortSignal): Promise<void> {
  return converse(port, `AUTH ${password}\r\nPING\r\n`, /\+OK\r\n\+PONG/, signal);
}

/** A startup message, to which a server that takes connections answers by asking for a password ('R'). */
export function probePostgres(port: number, signal: AbortSignal): Promise<void> {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + parameters.length, 0);
  head.writeInt32BE(196_608, 4); // protocol 3.0
  return converse(port, Buffer.concat([head, parameters]), /^R/, signal);
}
