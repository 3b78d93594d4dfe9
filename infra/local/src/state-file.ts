import { readFileSync } from 'node:fs';
import { writeFileAtomic } from './write-file.ts';

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

export function writeState(path: string, entries: readonly ProcessEntry[]): void {
  writeFileAtomic(path, `${JSON.stringify(entries, null, 2)}\n`);
}

/** What the last supervisor left; empty when there is none or it cannot be read. */
export function readState(path: string): ProcessEntry[] {
  try {
    const entries: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(entries) ? entries : [];
  } catch {
    return [];
  }
}
