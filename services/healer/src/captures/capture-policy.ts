import type { CapturedError } from '@gridworks/contracts';
import type { Severity } from '../incidents/capture-state.ts';

/**
 * The caller has gone: its calls are cancelled, and no response was sent. Every other captured error is a
 * fault, whatever its kind: business errors are not captured, so a captured error left as a 500 or was
 * healed. A handler that failed as if it were cancelled (`runtime`) left as a 500, too.
 */
export const isOfGoneCaller = ({ kind, category }: CapturedError): boolean =>
  kind === 'cancelled' && category !== 'runtime';

/** How severe a capture is. A skipped optional call counts as healed: its caller works without it. */
export function severityOf(capture: CapturedError): Severity {
  const skipped = capture.criticality === 'optional' ? (capture.outcomes.SKIP_OPERATION?.healed ?? 0) : 0;
  if (Math.max(capture.healed, skipped) >= capture.count) return 'healed';
  return capture.transient && capture.strategy !== 'ESCALATE' ? 'passing' : 'lasting';
}

/** The errors of one process against one dependency are one group, however many kinds there are. */
export const groupOf = (process: string, { dependency, source }: CapturedError): string =>
  `${process}|${dependency ?? source}`;
