import {
  type CauseSignal,
  type Incident,
  type IncidentAction,
  REMEDIES,
  signalRow,
} from '@gridworks/contracts';

/** `billing-2 (service billing)`: the target, by the platform's name. */
export function nameOfTarget({ kind, name, process }: Incident['cause']['target']): string {
  return process === name ? `${kind} ${name}` : `${process} (${kind} ${name})`;
}

export function describeSignal(signal: CauseSignal): string {
  return signalRow(signal).sentence;
}

/** `restarted it (its whole process tree): done after 612 ms`. */
export function describeAction(action: IncidentAction): string {
  const deed = `${action.target.process}: ${REMEDIES[action.remedy].phrase}`;
  const took =
    action.ended_at === null
      ? ''
      : ` after ${milliseconds(Date.parse(action.ended_at) - Date.parse(action.intended_at))}`;
  const note = action.outcome === null ? '' : ` (${action.outcome})`;
  switch (action.state) {
    case 'done':
      return `${deed}; done${took}${note}`;
    case 'failed':
      return `${deed}; failed${took}${note}`;
    case 'suggested':
      return `${action.target.process}: ${action.remedy} is suggested and was not carried out${note}`;
    case 'intended':
      return `${deed}; begun, end unknown${note}`;
    case 'unknown':
      return `${deed}; begun, then the healer itself was interrupted: it is unknown whether the action was done${note}`;
  }
}

/** `4,310 ms`. */
export function milliseconds(ms: number): string {
  return `${Math.round(ms).toLocaleString('en-US')} ms`;
}

/** `4.3 s`, `2 min 5 s`: for a subject line. */
export function roughly(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes} min ${Math.round((ms - minutes * 60_000) / 1000)} s`;
}
