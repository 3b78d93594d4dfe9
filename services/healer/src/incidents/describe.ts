import type { CauseSignal, Target } from '@gridworks/contracts';

const phrases: Record<CauseSignal, string> = {
  'instance.unresponsive': 'does not respond',
  'instance.restarted': 'ended and was started again',
  'instance.not-ready': 'is alive but cannot work',
  'instance.stalled': 'is held up',
  'connections.lost': 'lost its connections',
  'server.unresponsive': 'does not respond',
  'server.restarted': 'ended and was started again',
  'door.unresponsive': 'does not answer over HTTP',
  'dead-letters.present': 'gave up events that a human must look at',
  'consumer.lagging': 'falls behind with its events',
  'errors.captured': 'caught errors of its own calls',
};

/**
 * What is wrong, as a short sentence: `billing does not respond`. Made of names from closed lists only, so
 * that nothing from outside ever stands in a title or in the subject of a mail.
 */
export function describeTrouble(signal: CauseSignal, target: Target): string {
  return `${target.process} ${phrases[signal]}`;
}

/** The same of a process that does so again and again within minutes: `billing keeps ending`. */
export function describeRecurrence(signal: CauseSignal, target: Target): string {
  if (signal.endsWith('.restarted')) return `${target.process} keeps ending`;
  return `${describeTrouble(signal, target)}, again and again`;
}

/** `1.2 s`, `340 ms`. */
export function describeSpan(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
