import { currentContext, runInContext } from '@gridworks/observability';

/** Runs `work` with a deadline at most `ms` milliseconds away: what it calls is not waited for longer. */
export function withinTime<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const context = currentContext();
  if (!context) return work();
  const due = Date.now() + ms;
  return runInContext({ ...context, deadlineAt: Math.min(context.deadlineAt ?? due, due) }, work);
}
