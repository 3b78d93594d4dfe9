import type { CauseSignal, Incident, IncidentAction } from '@gridworks/contracts';

const signals: Readonly<Record<CauseSignal, string>> = {
  'instance.unresponsive': 'gave no sign of life, and answered neither its health port nor a control request',
  'instance.restarted': 'ended and was started again by the platform',
  'instance.not-ready': 'is alive but says that it cannot work, and no dependency explains it',
  'instance.stalled': 'was held up for seconds (its event loop did not turn)',
  'connections.lost': 'lost connections although the server behind them stayed up',
  'server.unresponsive': 'does not answer an independent probe',
  'server.restarted': 'answers, but was started anew in between',
  'door.unresponsive': 'does not answer over HTTP from outside',
  'dead-letters.present': 'gave up an event, which now waits among the dead letters',
  'consumer.lagging': 'falls behind with the events it consumes',
  'errors.captured': 'caught errors of its own calls that it could not heal',
};

const remedies: Readonly<Record<IncidentAction['remedy'], string>> = {
  'platform.ensure-running': 'made sure that the platform runs it again',
  'platform.restart': 'restarted it (its whole process tree)',
  'instance.reset-connections': 'had it drop and renew its connections',
  'instance.clear-cache': 'had it clear its caches',
  'instance.drain-and-exit': 'had it finish its work and exit, to be started anew',
  'observe-only': 'watched it become well by itself',
  'page-human': 'called a human',
};

/** `billing-2 (service billing)`: what is ill, by the name that the platform knows. */
export function nameOfTarget({ kind, name, process }: Incident['cause']['target']): string {
  return process === name ? `${kind} ${name}` : `${process} (${kind} ${name})`;
}

export function describeSignal(signal: CauseSignal): string {
  return signals[signal];
}

/** `restarted it (its whole process tree): done after 612 ms`. */
export function describeAction(action: IncidentAction): string {
  const deed = `${action.target.process}: ${remedies[action.remedy]}`;
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
      return `${deed}; begun, not known to have ended${note}`;
    case 'unknown':
      return `${deed}; begun, then the healer itself was interrupted: nobody knows whether it was done${note}`;
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
