import { useMemo } from 'react';
import { go, useSearch } from './navigation.tsx';

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}
type Raw = Readonly<Record<string, string>>;

/**
 * The search parameters of the address, checked by a schema whose members are all optional or have a default.
 * Filters, tabs, ranges and cursors are stored only there. Invalid members count as missing.
 * @returns the value, and a function that changes members of it in the address; undefined removes a member
 */
export function usePageSearch<T extends object>(
  schema: Schema<T>,
): [T, (change: Partial<Record<keyof T, string | number | undefined>>, how?: { push?: boolean }) => void] {
  const search = useSearch();
  const raw = useMemo(() => parseSearch(search), [search]);
  const value = useMemo(() => readSearch(schema, raw), [schema, raw]);
  const set = (change: Partial<Record<keyof T, string | number | undefined>>, { push = false } = {}) => {
    const next: Record<string, string> = { ...raw };
    for (const [name, member] of Object.entries(change)) {
      if (member === undefined || member === '') delete next[name];
      else next[name] = String(member);
    }
    go(location.pathname + stringifySearch(next), { replace: !push });
  };
  return [value, set];
}

/** Drops invalid members one by one, until the rest is valid. */
export function readSearch<T>(schema: Schema<T>, raw: Raw): T {
  const whole = schema.safeParse(raw);
  if (whole.success) return whole.data;
  const fitting: Record<string, string> = {};
  for (const [name, member] of Object.entries(raw)) {
    if (schema.safeParse({ ...fitting, [name]: member }).success) fitting[name] = member;
  }
  const rest = schema.safeParse(fitting);
  if (!rest.success) throw new TypeError('a search schema must accept an empty address');
  return rest.data;
}

/** Reads `?status=open&starting_after=tk_1` as plain texts, as other programs write them. */
export const parseSearch = (search: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(search));

export function stringifySearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
