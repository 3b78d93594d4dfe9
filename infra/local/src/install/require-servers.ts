import type { Settings } from '../settings/settings.ts';
import { converse, openSocket, SilenceError } from '../supervise/probes.ts';
import { type Progress, StepError } from '../terminal/progress.ts';

/** How long a server of yours may take to say something, ms. */
const PATIENCE_MS = 3_000;

/** A step for NATS and Redis each where the settings name one: every service would else wait for it in vain. */
export async function requireForeignServers(settings: Settings, progress: Progress): Promise<void> {
  const { natsUrl, redisUrl } = settings;
  await Promise.all([
    natsUrl && progress.step('nats', async (detail) => detail(`${await requireNats(natsUrl)} (NATS_URL)`)),
    redisUrl &&
      progress.step('redis', async (detail) => detail(`${await requireRedis(redisUrl)} (REDIS_URL)`)),
  ]);
}

/** Resolves with where NATS greeted. Throws StepError when nothing, or nothing that is NATS, answers at NATS_URL. */
export async function requireNats(url: string, timeoutMs = PATIENCE_MS): Promise<string> {
  const place = placeOf(url, 4222);
  // NATS greets before TLS begins.
  const response = await request(
    'NATS_URL',
    { ...place, tls: false },
    '',
    /^INFO \{.*\r\n|^(?!I)./s,
    timeoutMs,
  );
  if (!response.startsWith('INFO {')) throw failure('NATS_URL', place, 'what answers there is not NATS');
  return `${place.host}:${place.port}`;
}

/** Resolves with where Redis answered a PING. Throws StepError otherwise, also when the password does not do. */
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
  if (!response.includes('+PONG')) throw failure('REDIS_URL', place, 'what answers there is not Redis');
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
    const reason = error instanceof SilenceError ? `no answer within ${timeoutMs / 1000} s` : describe(error);
    throw failure(variable, place, reason);
  }
}

/** Of a name with several addresses Node tells every failure, and no message. */
function describe(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}

function failure(variable: string, { host, port }: Place, reason: string): StepError {
  return new StepError(`the server in ${variable} (${host}:${port}) does not do: ${reason}`, [
    `Start it, correct ${variable}, or unset it (also in .env) to use a server of our own.`,
  ]);
}

const command = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
