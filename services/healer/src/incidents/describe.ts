import { type CauseSignal, signalRow, type Target } from '@gridworks/contracts';

/**
 * A short sentence about what is wrong: `billing does not respond`. It is made of names from closed lists
 * only, so that no text from outside appears in a title or in the subject of a mail.
 */
export function describeTrouble(signal: CauseSignal, target: Target): string {
  return `${target.process} ${signalRow(signal).phrase}`;
}

/** The same for a process that fails again and again within minutes: `billing keeps ending`. */
export function describeRecurrence(signal: CauseSignal, target: Target): string {
  if (signalRow(signal).momentary) return `${target.process} keeps ending`;
  return `${describeTrouble(signal, target)}, again and again`;
}

/** `1.2 s`, `340 ms`. */
export function describeSpan(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
