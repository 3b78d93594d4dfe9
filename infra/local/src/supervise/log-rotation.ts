import { lstatSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import {
  DEFAULT_LOG_POLICY,
  type LogArchive,
  type LogPolicy,
  listArchives,
  removeOldArchives,
} from '../files/log-archives.ts';
import { type RotatedLog, rotateLog } from '../files/rotate-log.ts';
import type { Bookkeeping } from './bookkeeping.ts';

export interface LogRotationOptions {
  /** The folder of the logs. */
  readonly folder: string;
  /** Paths of the logs of all processes. */
  readonly logs: () => readonly string[];
  readonly bookkeeping: Bookkeeping;
  readonly policy?: LogPolicy;
  readonly now?: () => number;
}

/** The time between two checks of the logs, ms. */
const EVERY_MS = 10_000;

/** Rotates the logs of the processes by size and age, one after another, and deletes old archives. */
export class LogRotation {
  readonly #options: LogRotationOptions;
  readonly #policy: LogPolicy;
  readonly #now: () => number;
  /** Since when each log holds lines, epoch ms. */
  readonly #since = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LogRotationOptions) {
    this.#options = options;
    this.#policy = options.policy ?? DEFAULT_LOG_POLICY;
    this.#now = options.now ?? Date.now;
  }

  start(): void {
    this.#timer = setInterval(() => void this.check(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Rotates what is due and deletes old archives. Failures are reported. Never rejects. */
  async check(): Promise<void> {
    await this.#rotate((size, age) => size >= this.#policy.maxBytes || age >= this.#policy.maxAgeMs);
    this.removeOld();
  }

  /** Rotates every log of at least `bytes`, whether or not it is due. Never rejects. */
  rotateNow(bytes: number): Promise<RotatedLog[]> {
    return this.#rotate((size) => size >= bytes);
  }

  /** Deletes the archives that the policy does not keep. Never throws. */
  removeOld(): LogArchive[] {
    const { bookkeeping, folder } = this.#options;
    let removed: LogArchive[] = [];
    bookkeeping.attempt('the archives of the logs', () => {
      removed = removeOldArchives(folder, this.#policy, this.#now());
    });
    return removed;
  }

  /** One rotation at a time: two of one log would copy the same lines. */
  #rotate(isDue: (size: number, ageMs: number) => boolean): Promise<RotatedLog[]> {
    const turn = this.#turn.then(async () => {
      const rotated: RotatedLog[] = [];
      for (const log of this.#options.logs()) {
        // A link would lead to a file of somebody else.
        const found = lstatSync(log, { throwIfNoEntry: false });
        if (
          !found?.isFile() ||
          found.size === 0 ||
          !isDue(found.size, this.#now() - this.#sinceOf(log, found.birthtimeMs))
        )
          continue;
        await this.#options.bookkeeping.attemptLater(`the archive of ${log}`, async () => {
          const one = await rotateLog(log, new Date(this.#now()));
          if (one) rotated.push(one);
          this.#since.set(log, this.#now());
        });
      }
      return rotated;
    });
    this.#turn = turn.catch(() => {});
    return turn.catch(() => []);
  }

  /** The log was emptied when its newest archive was made. */
  #sinceOf(log: string, madeAt: number): number {
    const known = this.#since.get(log);
    if (known !== undefined) return known;
    const newest = listArchives(dirname(log)).find((archive) => archive.log === basename(log));
    const since = newest?.at ?? (madeAt > 0 ? madeAt : this.#now());
    this.#since.set(log, since);
    return since;
  }
}
