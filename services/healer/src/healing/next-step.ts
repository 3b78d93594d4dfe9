import type { IncidentAction } from '@gridworks/contracts';
import { type IncidentRecord, isOfCaptures } from '../incidents/incident-record.ts';
import { type PlaybookRule, type Rung, ruleFor } from '../playbook/playbook.ts';

export type Step =
  /** The incident waits for its cause, has ended, or only reports: nothing is to be done. */
  | { readonly do: 'nothing' }
  /** An earlier healer intended to act, and it is not known whether it did. The act is not repeated. */
  | { readonly do: 'reconcile'; readonly action: IncidentAction }
  | { readonly do: 'decide'; readonly rule: PlaybookRule }
  | { readonly do: 'act'; readonly rule: PlaybookRule; readonly rung: Rung }
  | {
      readonly do: 'verify';
      readonly rule: PlaybookRule;
      readonly rung: Rung;
      readonly action: IncidentAction;
    }
  | { readonly do: 'climb'; readonly why: string }
  /** The incident was escalated: only observe the target. */
  | { readonly do: 'observe-target'; readonly rule: PlaybookRule };

/**
 * Returns the next step of an incident, from its record alone: a healer that takes it over continues here.
 */
export function nextStep(record: IncidentRecord, playbook: readonly PlaybookRule[]): Step {
  const { incident, treating } = record;
  if (isOfCaptures(record)) return { do: 'nothing' };
  if (record.hold_until !== null || incident.status === 'resolved') return { do: 'nothing' };
  const pending = incident.actions.find(({ state }) => state === 'intended');
  if (pending) return { do: 'reconcile', action: pending };
  const rule = ruleFor(playbook, treating.signal, treating.target);
  if (record.gave_up) return { do: 'observe-target', rule };
  if (incident.rule !== rule.name) return { do: 'decide', rule };
  const rung = rule.ladder[record.rung];
  if (!rung) return { do: 'observe-target', rule };
  const action = incident.actions.find(({ id }) => id === record.rung_action);
  if (!action) return { do: 'act', rule, rung };
  if (action.state === 'failed')
    return { do: 'climb', why: `${action.remedy} on ${action.target.process} did not succeed.` };
  return { do: 'verify', rule, rung, action };
}
