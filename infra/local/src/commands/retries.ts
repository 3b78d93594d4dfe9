/** One test of a run. */
export interface TestRun {
  /** `services/billing/src/usage.spec.ts: usage counts once`. */
  readonly name: string;
  readonly passed: boolean;
  /** How often it ran: 2 when it failed first and ran again. */
  readonly invocations: number;
}

/** In how many runs in a row each test has needed a second try, by name; tests that needed none are absent. */
export type RetryHistory = Readonly<Record<string, number>>;

export interface RetryVerdict {
  readonly history: RetryHistory;
  /** The closing line. */
  readonly line: string;
  /** Tests that needed a second try in two runs in a row and are not known for it. */
  readonly repeated: readonly string[];
}

/** Runs in a row with a second try that make a test a flaky one. */
const REPEATED = 2;

/** Judges a run by what it retried. Tests that did not run keep what was known of them. */
export function judgeRetries(
  before: RetryHistory,
  runs: readonly TestRun[],
  known: Readonly<Record<string, string>>,
): RetryVerdict {
  const history = new Map(Object.entries(before));
  const retried: string[] = [];
  for (const { name, passed, invocations } of runs) {
    if (!passed) continue;
    if (invocations > 1) {
      retried.push(name);
      history.set(name, (history.get(name) ?? 0) + 1);
    } else {
      history.delete(name);
    }
  }
  const repeated = retried.filter((name) => (history.get(name) ?? 0) >= REPEATED && !(name in known));
  const tests = retried.map((name) => `${name} (${history.get(name)} in a row)`).join('; ');
  const line =
    retried.length === 0
      ? 'Retries:     none'
      : `Retries:     ${retried.length} passed only in the second run: ${tests}`;
  return { history: Object.fromEntries(history), line, repeated };
}
