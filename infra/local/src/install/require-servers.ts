import type { Settings } from '../settings/settings.ts';
import { converse, openSocket, SilenceError } from '../supervise/probes.ts';
import { type Progress, StepError } from '../terminal/progress.ts';

/** The time limit for a response of a server of the user, ms. */
const PATIENCE_MS = 3_000;

/**
 * A step for NATS and Redis each where the settings name one: otherwise every service would wait for the
 * server without end.
 */
export async function requireForeignServers(settings: Settings, progress: Progress): Promise<void> {
  const { natsUrl, redisUrl } = settings;
  await Promise.all([
    natsUrl && progress.step('nats', async (detail) => detail(`${await requireNats(natsUrl)} (NATS_URL)`)),
    redisUrl &&
      progress.step('redis', async (detail) => detail(`${await requireRedis(redisUrl)} (REDIS_URL)`)),
  ]);
}

/**
 * Resolves with the address at which NATS sent its greeting. Throws StepError when nothing, or a program
 * other than NATS, responds at NATS_URL.
 */
export async function requireNats(url: string, timeoutMs = PATIENCE_MS): Promise<string> {
  const place = placeOf(url, 4222);
  // NATS sends its greeting before TLS starts.
  const response = await request(
    'NATS_URL',
    { ...place, tls: false },
    '',
    /^INFO \{.*\r\n|^(?!I)./s,
    timeoutMs,
  );
  if (!response.startsWith('INFO {'))
    throw failure('NATS_URL', place, 'the program that responds there is not NATS');
  return `${place.host}:${place.port}`;
}

/**
 * Resolves with the address at which Redis responded to a PING. Throws StepError otherwise, also when the
 * password is wrong.
 */
export async function requireRedis(url: string, timeoutMs = PATIENCE_MS): Promise<string> {
  const place = placeOf(url, 6379);
  const { username, password } = new URL(url);
  const names = [username, password].map(decodeURIComponent).filter((each) => each !== '');
  const hello = [...(password ? [command('AUTH', ...names)] : []), command('PING')].join('');
  const response = await request(
    'REDIS_URL',
    place,
    hello,
    /\+PONG\r\n|^(\+OK\r\n)?-[^\r]*\r\n|^[^+-]/,
    timeoutMs,
  );
  const refusal = /^(?:\+OK\r\n)?-([^\r]*)/.exec(response)?.[1];
  if (refusal) throw failure('REDIS_URL', place, `Redis refuses: ${refusal}`);
  if (!response.includes('+PONG'))
    throw failure('REDIS_URL', place, 'the program that responds there is not Redis');
  return `${place.host}:${place.port}`;
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

function placeOf(url: string, usualPort: number): Place {
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: Number(port) || usualPort,
    tls: protocol === 'rediss:',
  };
}

async function request(variable: string, place: Place, hello: string, wanted: RegExp, timeoutMs: number) {
  try {
    return await converse(() => openSocket(place), hello, wanted, AbortSignal.timeout(timeoutMs));
  } catch (error) {
    const reason =
      error instanceof SilenceError ? `no response within ${timeoutMs / 1000} s` : describe(error);
    throw failure(variable, place, reason);
  }
}

/** For a name with several addresses Node reports every failure, without a message. */
function describe(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}

function failure(variable: string, { host, port }: Place, reason: string): StepError {
  return new StepError(`the server in ${variable} (${host}:${port}) cannot be used: ${reason}`, [
    `Start it, correct ${variable}, or unset it (also in .env) to use the server that npm start runs.`,
  ]);
}

const command = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
