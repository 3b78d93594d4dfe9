import { type IncidentError, SERVERS, SERVICES } from '@gridworks/contracts';
import type { CaptureState } from '../incidents/capture-state.ts';
import { cut, type GatheredErrors } from './gathered-errors.ts';

const KNOWN_DEPENDENCIES: ReadonlySet<string> = new Set([
  ...SERVERS,
  ...SERVICES,
  'smtp',
  'sms',
  'model',
  'platform',
]);
const KIND_FORM = /^[a-z]+(_[a-z]+){0,4}$/;

export const isKnown = (dependency: string | null): boolean =>
  dependency !== null && KNOWN_DEPENDENCIES.has(dependency);

/**
 * `connection lost`. A kind that does not match the pattern is not shown: titles appear in subjects of mails.
 */
export const nameKind = (kind: string): string =>
  KIND_FORM.test(kind) && kind.length <= 40 && kind !== 'unknown'
    ? kind.replaceAll('_', ' ')
    : 'unknown error';

/** `calls to postgres`, or `calls of its own` when there is no dependency or an unknown one. */
export const nameCalls = (dependency: string | null): string =>
  isKnown(dependency) ? `calls to ${dependency}` : 'calls of its own';

/**
 * `billing: connection lost in calls to postgres`, `billing: unknown error`. Never contains text of the error
 * itself.
 */
export const titleOf = (process: string, { dependency }: CaptureState, culprit: IncidentError): string =>
  `${process}: ${nameKind(culprit.kind)}${isKnown(dependency) ? ` in ${nameCalls(dependency)}` : ''}`;

/** `billing healed 12 of 12 failed calls to postgres (connection lost) by RETRY_WITH_BACKOFF`. */
export function explainKind(
  process: string,
  dependency: string | null,
  kind: string,
  { count, healed, by }: CaptureState['kinds'][string],
): string {
  const how = by === 'ESCALATE' ? '' : healed > 0 ? ` by ${by}` : `; it tried ${by}`;
  return `${process} healed ${healed} of ${count} failed ${nameCalls(dependency)} (${nameKind(kind)})${how}.`;
}

/** `Rule node/ECONNRESET decided RETRY_WITH_BACKOFF (confidence 0.95): the connection was cut.` */
export function explainHealing({ decided_by, rule, strategy, confidence, why }: IncidentError): string {
  const because = cut(why, 200).replace(/[.!]$/, '');
  if (decided_by === 'none')
    return `No rule or pattern knows this error, so no strategy was tried: ${because}.`;
  const who = {
    pattern: 'A learned pattern',
    model: 'A verdict of the model on trial',
    rule: `Rule ${rule}`,
  }[decided_by];
  return `${who} decided ${strategy} (confidence ${confidence.toFixed(2)}): ${because}.`;
}

/** One sentence for each step that was tried on the first occurrence. */
export const explainSteps = ({ steps }: IncidentError): string[] =>
  steps.map(
    ({ strategy, outcome, why, duration_ms }) =>
      `${strategy}: ${outcome}, ${cut(why, 200)} (${duration_ms.toFixed(1)} ms).`,
  );

/** `TypeError: x is not a function`, redacted and cut; for a timeline and the body of a mail, never for a title. */
export const quoteError = ({ error: { name, code, message } }: IncidentError): string =>
  `${name}${code ? ` (${code})` : ''}: ${message}`;

/**
 * `billing healed 3 of 12 failed calls to postgres (timeout) by RETRY_WITH_BACKOFF.`, one sentence for each
 * kind.
 */
export function tally({ errors, state }: GatheredErrors): string {
  const process = errors[0]?.process ?? state.group.split('|')[0] ?? '';
  const kinds = Object.entries(state.kinds)
    .slice(0, 3)
    .map(([kind, numbers]) => explainKind(process, state.dependency, kind, numbers));
  const others = Object.keys(state.kinds).length - kinds.length;
  return [...kinds, ...(others > 0 ? [`${others} more kinds of error.`] : [])].join(' ');
}
