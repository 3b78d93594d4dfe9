/** The same fault is reported again after this, ms. */
const AGAIN_MS = 60_000;

/**
 * Makes the handler for errors of the supervisor's own that nobody caught. They are reported, each at most once a
 * minute, and survived: all processes of the portal would end with the supervisor, and what it knows is with each of
 * them apart.
 */
export function reportFaults(report: (text: string) => void): (error: unknown) => void {
  const reported = new Map<string, number>();
  return (error) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const now = performance.now();
    if (now - (reported.get(text) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    if (reported.size > 100) reported.clear();
    reported.set(text, now);
    report(`a fault of the supervisor, which goes on: ${text}`);
  };
}
