/** One property of any value; a getter or proxy that throws has no value. */
export function property(value: unknown, key: string): unknown {
  if (value === null || value === undefined || (typeof value !== 'object' && typeof value !== 'function'))
    return undefined;
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A whole number, also when it came as text ("429"). */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  if (typeof value === 'string' && /^\d{3}$/.test(value)) return Number(value);
  return undefined;
}
