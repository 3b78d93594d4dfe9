import type { Pause } from '@gridworks/contracts';
import { ALLOWED, type ProposedAct, refuse, type Verdict } from './verdict.ts';

const covers = (scope: string, { remedy, target }: Pick<ProposedAct, 'remedy' | 'target'>): boolean =>
  scope === 'all' || scope === `${target.kind}:${target.name}` || scope === `remedy:${remedy}`;

/** In force at this moment (epoch ms); what has expired counts for nothing, whether it was removed or not. */
export const inForce = (pauses: readonly Pause[], now: number): Pause[] =>
  pauses.filter(({ expires_at }) => Date.parse(expires_at) > now);

/** The kill switch: refuses what a pause in force covers. */
export function notPaused(act: ProposedAct, pauses: readonly Pause[], now: number): Verdict {
  const pause = inForce(pauses, now).find(({ effect, scope }) => effect === 'pause' && covers(scope, act));
  if (!pause) return ALLOWED;
  return refuse(
    'pause',
    `paused until ${pause.expires_at} (${pause.scope}) by ${pause.created_by}: ${pause.reason}`,
  );
}

/** The label that incidents of this target carry now (a chaos run, a deploy), or null. */
export function labelOf(pauses: readonly Pause[], target: ProposedAct['target'], now: number): string | null {
  const label = inForce(pauses, now).find(
    ({ effect, scope }) => effect === 'label' && covers(scope, { remedy: 'observe-only', target }),
  );
  return label?.reason ?? null;
}
