/** One test of a run. */
export interface TestRun {
  /** `services/billing/src/usage.spec.ts: usage counts once`. */
  readonly name: string;
  readonly passed: boolean;
  /** The number of its runs: 2 when it failed first and ran again. */
  readonly invocations: number;
}

/**
 * For each test, by name, in how many runs in a row it has needed a second try; tests that needed none are
 * absent.
 */
export type RetryHistory = Readonly<Record<string, number>>;

export interface RetryVerdict {
  readonly history: RetryHistory;
  /** The closing line. */
  readonly line: string;
  /** Tests that needed a second try in two runs in a row and are not listed as known. */
  readonly repeated: readonly string[];
}

/** The number of runs in a row with a second try after which a test counts as flaky. */
const REPEATED = 2;

/** Evaluates the retries of a run. Tests that did not run keep their history. */
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
