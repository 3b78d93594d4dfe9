import type { Symptom } from '@gridworks/contracts';
import { redactJson } from '@gridworks/redaction';

/** Characters of JSON. Evidence is for people; what is longer is for the log of who gathered it. */
const MAX_EVIDENCE = 2000;
const MAX_SUSPECTS = 12;

/**
 * Evidence may hold what a caller or a server sent, so it is input of a stranger: secrets are taken out first, then
 * it is cut. Nothing in it is ever read by a rule, shown in a title, or used as a target.
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
