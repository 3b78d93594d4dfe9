import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../connection/connection.ts';
import type { StoredMessage, StreamInfo } from '../connection/store-api.ts';

export interface BucketWatch {
  /** `$KV.<bucket>.>`: every change of the bucket is published there. */
  readonly subject: string;
  readonly connection: Connection;
  readonly signal: AbortSignal;
  readonly state: () => Promise<StreamInfo>;
  readonly from: (revision: number) => AsyncIterable<StoredMessage>;
  readonly take: (stored: StoredMessage) => Promise<void>;
  readonly onBroken: (error: unknown) => void;
}

const BEGIN_AGAIN_MS = 250;
/** For what no hint tells: a bucket that was created again, a hint that was lost. */
const POLL_EVERY_MS = 5000;
/**
 * A change is published shortly before it is stored, which takes a slow disk a second. Milliseconds until the next read, while
 * reads find nothing new.
 */
const POLLS_AFTER_HINT_MS = [1, 5, 20, 100, 500, 1000] as const;

/**
 * Reads a bucket from the stream's own records, in the order of its changes. A message on core NATS is only a
 * hint to read now: its content is not used, and a lost message costs little, since the bucket is looked at every
 * five seconds anyway.
 */
export async function followBucket(watch: BucketWatch): Promise<void> {
  const { connection, signal } = watch;
  while (!signal.aborted && connection.state() !== 'closed') {
    if (connection.state() === 'connected') {
      try {
        await followOnce(watch);
      } catch (error) {
        if (!signal.aborted && connection.state() !== 'closed') watch.onBroken(error);
      }
    }
    await sleep(BEGIN_AGAIN_MS, undefined, { ref: false });
  }
}

/** Runs until the watch is stopped, or the connection's state changes. */
async function followOnce(watch: BucketWatch): Promise<void> {
  const { connection, signal } = watch;
  let ended = false;
  let hinted = false;
  let wake = (): void => undefined;
  const subscription = connection.nc.subscribe(watch.subject, {
    callback: () => {
      hinted = true;
      wake();
    },
  });
  const end = (): void => {
    ended = true;
    wake();
  };
  const off = connection.onState(end);
  signal.addEventListener('abort', end, { once: true });
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (hinted || ended) wake();
    });
  try {
    let created: string | undefined;
    let revision = 0;
    let polls: number = POLLS_AFTER_HINT_MS.length;
    while (!ended) {
      if (hinted) polls = 0;
      hinted = false;
      const { created: now, state } = await watch.state();
      // The bucket was created again: revisions start from the beginning.
      if (now !== created || state.last_seq < revision) revision = 0;
      created = now;
      const before = revision;
      if (state.last_seq > revision)
        for await (const stored of watch.from(revision + 1)) {
          if (ended) return;
          await watch.take(stored);
          revision = stored.seq;
        }
      if (revision > before) polls = POLLS_AFTER_HINT_MS.length;
      await pause(POLLS_AFTER_HINT_MS[polls++] ?? POLL_EVERY_MS);
    }
  } finally {
    off();
    signal.removeEventListener('abort', end);
    if (!connection.nc.isClosed()) subscription.unsubscribe();
  }
}
