import type { Symptom } from '@gridworks/contracts';
import { redactJson } from '@gridworks/redaction';

/**
 * Characters of JSON. Evidence is for people; longer evidence belongs in the log of the service that gathered
 * it.
 */
const MAX_EVIDENCE = 2000;
const MAX_SUSPECTS = 12;

/**
 * Redacts and cuts evidence. It may contain what a caller or a server sent, so it is untrusted: secrets are
 * redacted first, then it is cut. No rule reads evidence, and no title or target contains any of it. Only the remedies that end
 * sessions read it, to narrow what they may end; PostgreSQL itself decides about the rest.
 */
export function truncateSymptom(symptom: Symptom): Symptom {
  return {
    ...symptom,
    suspects: symptom.suspects.slice(0, MAX_SUSPECTS),
    evidence: truncate(symptom.evidence),
  };
}

function truncate(evidence: Symptom['evidence']): Symptom['evidence'] {
  try {
    const text = redactJson(JSON.stringify(evidence)).replaceAll('\\u0000', '');
    if (text.length > MAX_EVIDENCE) return { cut: text.slice(0, MAX_EVIDENCE).toWellFormed() };
    return JSON.parse(text) as Symptom['evidence'];
  } catch {
    return { unreadable: true };
  }
}
