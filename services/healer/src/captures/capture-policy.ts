import type { CapturedError } from '@gridworks/contracts';
import type { Severity } from '../incidents/capture-state.ts';

/**
 * A caller that has gone: its calls are cancelled, and nobody was answered. Every other error is ours, whatever its kind:
 * what a service answers on purpose is caught by nobody, so what was caught left as a 500 or was healed. A handler that
 * failed as if it were cancelled (`runtime`) left as a 500, too.
 */
export const isOfGoneCaller = ({ kind, category }: CapturedError): boolean =>
  kind === 'cancelled' && category !== 'runtime';

/** How bad a capture is. An optional call that was skipped is healed: its caller can do without. */
export function severityOf(capture: CapturedError): Severity {
  const skipped = capture.criticality === 'optional' ? (capture.outcomes.SKIP_OPERATION?.healed ?? 0) : 0;
  if (Math.max(capture.healed, skipped) >= capture.count) return 'healed';
  return capture.transient && capture.strategy !== 'ESCALATE' ? 'passing' : 'lasting';
}

/** The errors of one process against one dependency are one group, however many different ones there are. */
export const groupOf = (process: string, { dependency, source }: CapturedError): string =>
  `${process}|${dependency ?? source}`;
