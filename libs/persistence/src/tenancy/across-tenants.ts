import { currentContext, runInContext } from '@gridworks/observability';

/**
 * Runs database work of a request for the rows of every partner. Say beside each use why the tenant of the request is not
 * enough; every statement in it must name whose rows it means.
 */
export function acrossTenants<T>(work: () => T): T {
  const context = currentContext();
  return context?.tenant === undefined ? work() : runInContext({ ...context, tenant: undefined }, work);
}
