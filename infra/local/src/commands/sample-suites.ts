import { createHash } from 'node:crypto';

/** A choice of the suites, and what it leaves out. */
export interface Sample {
  /** Paths of the suites to run. */
  readonly taken: readonly string[];
  /** Paths of the slow suites that are left out. */
  readonly left: readonly string[];
}

/**
 * Takes every quick suite, and slow ones until their times reach `budgetS`. The order of the slow ones follows
 * from `seed` alone, so that each commit runs others, and a run can be repeated.
 * @param suites paths of all suites
 * @param slow seconds of each slow suite by its path
 * @param budgetS seconds of slow suites; the last one taken may exceed them
 */
export function sampleSuites(
  suites: readonly string[],
  slow: Readonly<Record<string, number>>,
  seed: string,
  budgetS: number,
): Sample {
  const order = (path: string) => createHash('sha256').update(`${seed}:${path}`).digest('hex');
  const shuffled = suites
    .filter((path) => path in slow)
    .sort((one, other) => order(one).localeCompare(order(other)));
  const taken = new Set(suites.filter((path) => !(path in slow)));
  let seconds = 0;
  for (const path of shuffled) {
    if (seconds >= budgetS) break;
    seconds += slow[path] ?? 0;
    taken.add(path);
  }
  return { taken: [...taken], left: shuffled.filter((path) => !taken.has(path)) };
}
