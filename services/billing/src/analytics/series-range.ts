import { AppError, INVALID_INPUT, MAX_STEPS } from '@gridworks/contracts';

export type Step = 'hour' | 'day';
const STEP_MS: Record<Step, number> = { hour: 3_600_000, day: 86_400_000 };
/** The number of steps of a series when no beginning is requested. */
const USUAL: Record<Step, number> = { hour: 24, day: 30 };

/** Whole steps, UTC. */
export interface SeriesRange {
  readonly step: Step;
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
  /** The beginning of each step, oldest first. */
  readonly times: readonly Date[];
}

/**
 * The requested steps: `from` is rounded down and `to` rounded up; by default the last 24 hours or 30 days
 * with the present step. Throws `PLATFORM.INVALID_INPUT` when the end is not after the beginning, or for too
 * many steps.
 */
export function seriesRange(
  query: { from?: string | undefined; to?: string | undefined; step: Step },
  now: Date,
): SeriesRange {
  const size = STEP_MS[query.step];
  const to = Math.ceil((query.to ? Date.parse(query.to) : now.getTime() + 1) / size) * size;
  const from = query.from ? Math.floor(Date.parse(query.from) / size) * size : to - USUAL[query.step] * size;
  const steps = (to - from) / size;
  if (steps <= 0) throw refused('must be after from', '/to');
  if (steps > MAX_STEPS)
    throw refused(`makes ${steps} steps of a ${query.step}; there may be ${MAX_STEPS}`, '/from');
  const times = Array.from({ length: steps }, (_, index) => new Date(from + index * size));
  return { step: query.step, from: new Date(from), to: new Date(to), times };
}

const refused = (detail: string, pointer: string) =>
  new AppError(INVALID_INPUT, { problems: [{ detail, pointer }] });
