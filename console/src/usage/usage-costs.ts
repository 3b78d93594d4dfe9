const STEP_MS = { day: 86_400_000, hour: 3_600_000 } as const;

/** The day of a moment by the clock of a zone (IANA): `2026-11-30`. */
export const dayIn = (moment: Date, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' },
  }).format(moment);

/**
 * The groups of a chart, also those without a unit: each day from the first to the last one, or each hour from the first group to the last
 * one.
 */
export function stepsOf(
  by: 'day' | 'hour',
  from: string,
  until: string,
  groups: readonly string[],
): string[] {
  const [first, last] = by === 'day' ? [from, until] : [groups[0] ?? from, groups.at(-1) ?? until];
  const steps: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += STEP_MS[by]) {
    const step = new Date(at).toISOString();
    steps.push(by === 'day' ? step.slice(0, 10) : step);
  }
  return steps;
}
