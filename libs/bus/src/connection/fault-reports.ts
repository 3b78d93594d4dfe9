import { AppError } from '@gridworks/contracts';
import { type HealingEnvironment, healingOf, withSelfHealing } from '@gridworks/resilience';

/** Reports an error where it was caught. */
export type ReportFault = (source: string, error: unknown) => void;

/**
 * Reports unexpected errors of handlers. Without the report only the log has the error, since the caller only
 * gets INTERNAL. An error that a call site within the handler has reported is not reported again, and an
 * AppError is a response.
 */
export function reportFaultsTo(environment: HealingEnvironment): ReportFault {
  const sites = new Map<string, (error: unknown) => Promise<void>>();
  return (source, error) => {
    if (error instanceof AppError && error.kind !== 'internal') return;
    // A call site within the handler treats an abort as a caller that has gone. The error ends here, so it is
    // a fault: the caller of the handler still waits for a response.
    const reported = healingOf(error);
    if (reported !== undefined && reported.decision.kind !== 'cancelled') return;
    let site = sites.get(source);
    if (site === undefined) {
      // This call site is used only for errors: a handler that succeeds costs nothing extra.
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
