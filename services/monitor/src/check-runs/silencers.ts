import type { CheckDefinition } from '@gridworks/contracts';
import type { CheckRecord } from './check-record.ts';

/** For this time after a check's failure, failures of what depends on it count as a consequence. */
export const AFTERMATH_MS = 10_000;

/** What silencing needs to know of a check. */
export interface Silenceable {
  readonly row: Pick<CheckDefinition, 'name' | 'target' | 'dependencies'>;
  readonly effective: { readonly enabled: boolean };
  readonly record: Pick<CheckRecord, 'suspicious' | 'recoveredAt' | 'last'>;
}

/**
 * The dependencies of a check that explain a failure of it now, by name: they fail, did so until a moment ago, have
 * not run yet, or are silenced themselves.
 */
export function silencersOf(
  { row }: Silenceable,
  entries: ReadonlyMap<string, Silenceable>,
  now: number,
  troubled: (target: string, now: number) => boolean,
): string[] {
  return row.dependencies.filter((name) => {
    const parent = entries.get(name);
    if (!parent) return false;
    const { record, effective } = parent;
    return (
      (effective.enabled && record.last === null) ||
      record.suspicious ||
      now - record.recoveredAt < AFTERMATH_MS ||
      troubled(parent.row.target, now) ||
      silencersOf(parent, entries, now, troubled).length > 0
    );
  });
}
