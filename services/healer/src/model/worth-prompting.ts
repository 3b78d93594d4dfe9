import type { CapturedError } from '@gridworks/contracts';
import { MODEL_SOURCE } from './model-client.ts';
import { CONFIDENT } from './read-reply.ts';

/** Errors that were not looked into, or could not be: nobody can say more about them. */
const UNREAD = new Set(['storm', 'unreadable']);

/**
 * Whether nothing else decides about this error: no pattern, no rule that is sure. Never what our own guards threw
 * (its cause is known), and never a failure to ask the model.
 */
export function isWorthPrompting(captured: CapturedError): boolean {
  const { confidence, decided_by: by, fingerprint, kind, rule, source, strategy } = captured;
  if (strategy !== 'ESCALATE' || by === 'pattern' || by === 'model') return false;
  if (rule.startsWith('guard/') || UNREAD.has(rule) || fingerprint.includes('@')) return false;
  if (source === MODEL_SOURCE || source.startsWith(`${MODEL_SOURCE}@`)) return false;
  return by === 'none' || kind === 'unknown' || confidence < CONFIDENT;
}
