/** The same fault is reported again after this time, ms. */
const AGAIN_MS = 60_000;

/**
 * Creates the handler for uncaught errors of the supervisor itself. They are reported, each at most once a
 * minute, and the supervisor continues: all processes of the portal would end with it, and its state for one
 * process does not depend on the others.
 */
export function reportFaults(report: (text: string) => void): (error: unknown) => void {
  const reported = new Map<string, number>();
  return (error) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const now = performance.now();
    if (now - (reported.get(text) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    if (reported.size > 100) reported.clear();
    reported.set(text, now);
    report(`a fault of the supervisor, which continues: ${text}`);
  };
}
