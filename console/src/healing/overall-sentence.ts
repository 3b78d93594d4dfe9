import type { Incident, Overview, Pause, SystemHealth } from '@gridworks/sdk';
import { plural } from '../ui/numbers.ts';
import type { Status } from '../ui/status-mark.tsx';
import { componentName } from './words.ts';

/** The age in seconds from which monitor's observations count as unknown: three pulses. */
export const FRESH_FOR_S = 10;

export interface Overall {
  readonly status: Status;
  readonly sentence: string;
}

/** What the sentence is made of. */
export interface OverallFacts {
  readonly health: Pick<Overview['health'], 'status' | 'observed_at' | 'impaired'> | undefined;
  /** Incidents that are not resolved; undefined while nobody knows. */
  readonly incidents: IncidentFacts | undefined;
  readonly allPaused: boolean;
}
type IncidentFacts = Pick<
  NonNullable<Overview['healing']>,
  'open_incidents' | 'escalated_incidents' | 'latest_open'
>;

/** The same facts from the requests of the healing page. */
export const factsOf = (
  health: SystemHealth | undefined,
  incidents: readonly Pick<Incident, 'id' | 'status' | 'title'>[] | undefined,
  pauses: readonly Pick<Pause, 'effect' | 'scope'>[] | undefined,
): OverallFacts => ({
  health: health && { ...health, impaired: health.checks.filter(({ status }) => status !== 'pass') },
  incidents: incidents && incidentFacts(incidents),
  allPaused: pauses?.some(({ effect, scope }) => effect === 'pause' && scope === 'all') ?? false,
});

function incidentFacts(incidents: readonly Pick<Incident, 'id' | 'status' | 'title'>[]): IncidentFacts {
  const open = incidents.filter(({ status }) => status !== 'resolved');
  const escalated = open.filter(({ status }) => status === 'escalated');
  return {
    open_incidents: open.length,
    escalated_incidents: escalated.length,
    latest_open: escalated[0] ?? open[0] ?? null,
  };
}

/**
 * The overall state in one sentence: incidents that need a human first, then incidents that are being healed,
 * then degraded components.
 * @param now milliseconds since 1970; health older than FRESH_FOR_S is unknown, never good
 */
export function overallSentence({ health, incidents, allPaused }: OverallFacts, now: number): Overall {
  if (incidents && incidents.open_incidents > 0) return sentenceOfIncidents(incidents);
  if (!health || (now - Date.parse(health.observed_at)) / 1000 > FRESH_FOR_S)
    return { status: 'unknown', sentence: 'Monitor has not reported lately, so the state is unknown.' };
  const ill = health.impaired.filter(({ status }) => status === 'fail' || status === 'warn');
  const open = incidents ? 'no incident is open' : 'whether an incident is open is unknown';
  if (ill.length > 0)
    return {
      status: health.status,
      sentence: `${ill.map(({ component }) => componentName(component)).join(', ')} ${ill.length === 1 ? 'is' : 'are'} ${health.status === 'fail' ? 'failing' : 'degraded'}; ${open}.`,
    };
  if (!incidents) return { status: 'unknown', sentence: `Every component is healthy; ${open}.` };
  if (allPaused) return { status: 'warn', sentence: 'Everything is healthy, but healing is paused.' };
  return { status: 'pass', sentence: 'Everything is healthy.' };
}

function sentenceOfIncidents({ open_incidents, escalated_incidents, latest_open }: IncidentFacts): Overall {
  const waits = escalated_incidents > 0;
  const shown = waits
    ? plural(escalated_incidents, 'incident needs', 'incidents need')
    : plural(open_incidents, 'incident is', 'incidents are');
  // Of incidents that only history has no title is known.
  const title = latest_open && (latest_open.status === 'escalated') === waits ? `: ${latest_open.title}` : '';
  return {
    status: waits ? 'fail' : 'warn',
    sentence: `${shown} ${waits ? 'a human' : 'being healed'}${title}.`,
  };
}
