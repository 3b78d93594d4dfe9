import type { CapturedError } from '@gridworks/contracts';
import { MODEL_SOURCE } from './model-client.ts';
import { CONFIDENT } from './read-reply.ts';

/** Rules of errors that were not examined, or could not be: no model can say more about them. */
const UNREAD = new Set(['storm', 'unreadable']);

/**
 * Whether nothing else decides about this error: no pattern, and no rule that is sure. False for errors
 * thrown by our own guards (their cause is known), and for failures of calls to the model.
 */
export function isWorthPrompting(captured: CapturedError): boolean {
  const { confidence, decided_by: by, fingerprint, kind, rule, source, strategy } = captured;
  if (strategy !== 'ESCALATE' || by === 'pattern' || by === 'model') return false;
  if (rule.startsWith('guard/') || UNREAD.has(rule) || fingerprint.includes('@')) return false;
  if (source === MODEL_SOURCE || source.startsWith(`${MODEL_SOURCE}@`)) return false;
  return by === 'none' || kind === 'unknown' || confidence < CONFIDENT;
}
