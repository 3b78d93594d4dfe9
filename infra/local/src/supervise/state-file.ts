import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../files/write-file.ts';
import type { Bookkeeping } from './bookkeeping.ts';

/** One process of the running portal, as `.local/state.json` lists it. */
export interface ProcessEntry {
  readonly name: string;
  readonly kind: 'service' | 'server';
  /** Null while it is not running. */
  readonly pid: number | null;
  readonly ports: readonly number[];
  /** RFC 3339; null before its first start. */
  readonly started_at: string | null;
  /** How often it was started again since the supervisor started. */
  readonly restarts: number;
}

/**
 * After a power cut none of these processes runs, so the file need not survive one. Throws the error of the
 * file system.
 */
export function writeState(path: string, entries: readonly ProcessEntry[]): void {
  writeFileAtomic(path, `${JSON.stringify(entries, null, 2)}\n`, { mode: 0o600, durable: false });
}

/** The time between two attempts to write a state, ms. */
const RETRY_MS = 1_000;

/** The supervisor's state file: a state that cannot be written is written as soon as that is possible. */
export class StateFile {
  readonly #path: string;
  readonly #bookkeeping: Bookkeeping;
  #latest: readonly ProcessEntry[] = [];
  #retry: NodeJS.Timeout | undefined;

  constructor(path: string, bookkeeping: Bookkeeping) {
    this.#path = path;
    this.#bookkeeping = bookkeeping;
  }

  /** Never throws. */
  write(entries: readonly ProcessEntry[]): void {
    this.#latest = entries;
    this.#save();
  }

  /** Stops the attempts. */
  close(): void {
    clearTimeout(this.#retry);
  }

  #save(): void {
    clearTimeout(this.#retry);
    const done = this.#bookkeeping.attempt('the state file', () => writeState(this.#path, this.#latest));
    if (!done) this.#retry = setTimeout(() => this.#save(), RETRY_MS).unref();
  }
}

/** The entries that the last supervisor left; empty when there are none or the file cannot be read. */
export function readState(path: string): ProcessEntry[] {
  try {
    const entries: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(entries) ? entries : [];
  } catch {
    return [];
  }
}
