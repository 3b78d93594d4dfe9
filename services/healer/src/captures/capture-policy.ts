import type { CapturedError } from '@gridworks/contracts';
import type { Severity } from './capture-state.ts';

/** What the caller did, or must deal with: the answer of a call, not a fault of the system. */
const CALLERS_BUSINESS: ReadonlySet<string> = new Set([
  'invalid_input',
  'cancelled',
  'not_found',
  'constraint_violation',
  'concurrency_conflict',
  'permission_denied',
  'payload_too_large',
]);

export const isCallersBusiness = (kind: string): boolean => CALLERS_BUSINESS.has(kind);

/** How bad a capture is. An optional call that was skipped is healed: its caller can do without. */
export function severityOf(capture: CapturedError): Severity {
  const skipped = capture.criticality === 'optional' ? (capture.outcomes.SKIP_OPERATION?.healed ?? 0) : 0;
  if (Math.max(capture.healed, skipped) >= capture.count) return 'healed';
  return capture.transient && capture.strategy !== 'ESCALATE' ? 'passing' : 'lasting';
}

/** The errors of one process against one dependency are one group, however many different ones there are. */
export const groupOf = (process: string, { dependency, source }: CapturedError): string =>
  `${process}|${dependency ?? source}`;
