import { AppError } from '@gridworks/contracts';
import { type HealingEnvironment, healingOf, withSelfHealing } from '@gridworks/resilience';

/** Tells of an error where it was caught. */
export type ReportFault = (source: string, error: unknown) => void;

/**
 * Reports what a handler threw by accident: nobody but the log knows of it, since the caller is only told INTERNAL.
 * What a call site within the handler has reported is not reported again, and an AppError is an answer.
 */
export function reportFaultsTo(environment: HealingEnvironment): ReportFault {
  const sites = new Map<string, (error: unknown) => Promise<void>>();
  return (source, error) => {
    if (error instanceof AppError && error.kind !== 'internal') return;
    // What a call site takes for a caller that has gone is none when it ends here: the caller waits for an answer.
    const reported = healingOf(error);
    if (reported !== undefined && reported.decision.kind !== 'cancelled') return;
    let site = sites.get(source);
    if (site === undefined) {
      // A call site that only ever fails: handlers that do well pay nothing.
      site = withSelfHealing(async (thrown: unknown) => Promise.reject(thrown), {
        source,
        category: 'runtime',
        retry: false,
        breaker: false,
        bulkhead: false,
        environment,
      });
      sites.set(source, site);
    }
    site(error).catch(() => undefined);
  };
}
