import type { Incident, Pause, SystemHealth } from '@gridworks/sdk';
import { plural } from '../ui/numbers.ts';
import type { Status } from '../ui/status-mark.tsx';
import { componentName } from './words.ts';

/** Seconds after which what monitor saw says nothing about now: three pulses. */
export const FRESH_FOR_S = 10;

interface Overall {
  readonly status: Status;
  readonly sentence: string;
}

/**
 * The state of the whole system in one sentence: what needs a human comes first, then what is being healed, then what is degraded.
 * @param now milliseconds since 1970; health older than FRESH_FOR_S is unknown, never good
 */
export function overallSentence(
  health: SystemHealth | undefined,
  incidents: readonly Pick<Incident, 'status' | 'title'>[] | undefined,
  pauses: readonly Pick<Pause, 'effect' | 'scope'>[] | undefined,
  now: number,
): Overall {
  const escalated = incidents?.filter(({ status }) => status === 'escalated') ?? [];
  if (escalated.length > 0)
    return {
      status: 'fail',
      sentence: `${plural(escalated.length, 'incident needs', 'incidents need')} a human: ${escalated[0]?.title}.`,
    };
  const open = incidents?.filter(({ status }) => status !== 'resolved') ?? [];
  if (open.length > 0)
    return {
      status: 'warn',
      sentence: `${plural(open.length, 'incident is', 'incidents are')} being healed: ${open[0]?.title}.`,
    };
  if (!health || (now - Date.parse(health.observed_at)) / 1000 > FRESH_FOR_S)
    return { status: 'unknown', sentence: 'Monitor has not reported lately, so the state is unknown.' };
  const ill = health.checks.filter(({ status }) => status === 'fail' || status === 'warn');
  if (ill.length > 0)
    return {
      status: health.status,
      sentence: `${ill.map(({ component }) => componentName(component)).join(', ')} ${ill.length === 1 ? 'is' : 'are'} ${health.status === 'fail' ? 'failing' : 'degraded'}; no incident is open.`,
    };
  if (pauses?.some(({ effect, scope }) => effect === 'pause' && scope === 'all'))
    return { status: 'warn', sentence: 'Everything is healthy, but healing is paused.' };
  return { status: 'pass', sentence: 'Everything is healthy.' };
}
