import type { Incident } from '@gridworks/sdk';
import type { Phase } from '../charts/duration-bar.tsx';

type Entry = Incident['timeline'][number];

/**
 * How long the detection, decision, action and verification of an incident took. Each phase ends with the
 * first entry of its kind, or at the end of the incident when there is no such entry. The running phase has
 * no length yet; later phases are left out.
 */
export function incidentPhases(
  incident: Pick<Incident, 'began_at' | 'observed_at' | 'resolved_at' | 'timeline'>,
): Phase[] {
  const lastOf = (...whats: Entry['what'][]) =>
    incident.timeline.findLast(({ what }) => whats.includes(what))?.at ?? null;
  const firstOf = (...whats: Entry['what'][]) =>
    incident.timeline.find(({ what }) => whats.includes(what))?.at ?? null;
  const end = incident.resolved_at ?? lastOf('escalated');
  const ends: readonly [string, string | null][] = [
    ['Detect', incident.observed_at],
    ['Decide', firstOf('intended', 'acted') ?? firstOf('decided')],
    ['Act', firstOf('acted')],
    ['Verify', end],
  ];
  const phases: Phase[] = [];
  let from = Date.parse(incident.began_at);
  for (const [name, at] of ends) {
    const until = at ?? end;
    if (until === null) return [...phases, { name, ms: null }];
    const ms = Math.max(0, Date.parse(until) - from);
    phases.push({ name, ms });
    from += ms;
    if (at === null) break;
  }
  return phases;
}

/** The time from the last good sign of life to the end, or to now, in milliseconds. */
export const lengthOf = (
  { began_at, resolved_at }: Pick<Incident, 'began_at' | 'resolved_at'>,
  now: number,
): number => Math.max(0, (resolved_at ? Date.parse(resolved_at) : now) - Date.parse(began_at));
