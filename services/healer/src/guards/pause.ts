import type { Pause } from '@gridworks/contracts';
import { ALLOWED, type GuardDecision, type ProposedAct, refuse } from './guard-decision.ts';

const covers = (scope: string, { remedy, target }: Pick<ProposedAct, 'remedy' | 'target'>): boolean =>
  scope === 'all' || scope === `${target.kind}:${target.name}` || scope === `remedy:${remedy}`;

/**
 * The pauses in force at `now` (epoch ms). An expired pause does not count, whether it was removed or not.
 */
export const inForce = (pauses: readonly Pause[], now: number): Pause[] =>
  pauses.filter(({ expires_at }) => Date.parse(expires_at) > now);

/**
 * How long a label is remembered after it ended: errors that happened under it may be reported for that long.
 */
export const LABEL_MEMORY_MS = 2 * 3_600_000;
/** How many ended labels are remembered one by one. */
const MAX_ENDED = 300;

/** The pause, ended at `now` (epoch ms). */
export const endNow = (pause: Pause, now: number): Pause => ({
  ...pause,
  expires_at: new Date(now).toISOString(),
});

/**
 * Labels that ended within LABEL_MEMORY_MS, in the order of their ends. When there are too many, the surplus
 * that ended first becomes one label that covers everything for the whole time: a forgotten label would let
 * an experiment train.
 */
export function rememberedLabels(pauses: readonly Pause[], now: number): Pause[] {
  const end = ({ expires_at }: Pause) => Date.parse(expires_at);
  const ended = pauses
    .filter((pause) => pause.effect === 'label' && end(pause) <= now && end(pause) > now - LABEL_MEMORY_MS)
    .sort((a, b) => end(a) - end(b));
  const surplus = ended.splice(0, Math.max(0, ended.length - MAX_ENDED + 1));
  const last = surplus.at(-1);
  if (!last) return ended;
  const first = Math.min(...surplus.map(({ created_at }) => Date.parse(created_at)));
  const trains = surplus.every((label) => label.trains);
  const covering: Pause =
    surplus.length === 1
      ? last
      : { ...last, scope: 'all', trains, created_at: new Date(first).toISOString() };
  return [covering, ...ended];
}

/** The kill switch: refuses an act that a pause in force covers. */
export function notPaused(act: ProposedAct, pauses: readonly Pause[], now: number): GuardDecision {
  const pause = inForce(pauses, now).find(({ effect, scope }) => effect === 'pause' && covers(scope, act));
  if (!pause) return ALLOWED;
  return refuse(
    'pause',
    `paused until ${pause.expires_at} (${pause.scope}) by ${pause.created_by}: ${pause.reason}`,
  );
}

/** The label that incidents of this target carry now (a chaos run, a deployment), or null. */
export function labelOf(pauses: readonly Pause[], target: ProposedAct['target'], now: number): string | null {
  const label = inForce(pauses, now).find(
    ({ effect, scope }) => effect === 'label' && covers(scope, { remedy: 'observe-only', target }),
  );
  return label?.reason ?? null;
}
