import { z } from 'zod';
import type { ModelCaps } from './model-settings.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What all healers together have used. `tokens` and `usd` are of the UTC day `day`. */
export const spendSchema = z.object({
  /** The times of the calls of the last hour, in milliseconds since the epoch. */
  calls: z.array(z.number().int()),
  day: z.string(),
  tokens: z.number(),
  usd: z.number(),
});
export type Spend = z.output<typeof spendSchema>;
export const NOTHING_SPENT: Spend = { calls: [], day: '', tokens: 0, usd: 0 };

export interface Tokens {
  readonly input: number;
  readonly output: number;
}
export type Cap = 'calls_per_hour' | 'tokens_per_day' | 'cost_per_day';
export interface OverCap {
  readonly cap: Cap;
  /** When the next prompt may be sent, in milliseconds since the epoch. */
  readonly until: number;
}

const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);
export const costOf = ({ input, output }: Tokens, caps: ModelCaps): number =>
  (input * caps.usdPerMillionIn + output * caps.usdPerMillionOut) / 1e6;

/** What counts as used now: a new day begins at zero. */
function current(spend: Spend, now: number): Spend {
  const calls = spend.calls.filter((at) => now - at < HOUR_MS);
  const day = dayOf(now);
  return spend.day === day ? { ...spend, calls } : { calls, day, tokens: 0, usd: 0 };
}

/** The cap that one more call of at most so many tokens would exceed; null when none. */
export function overCap(spend: Spend, expected: Tokens, caps: ModelCaps, now: number): OverCap | null {
  const { calls, tokens, usd } = current(spend, now);
  const midnight = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  if (calls.length >= caps.callsPerHour)
    return { cap: 'calls_per_hour', until: Math.min(...calls) + HOUR_MS };
  if (tokens + expected.input + expected.output > caps.tokensPerDay)
    return { cap: 'tokens_per_day', until: midnight };
  if (usd + costOf(expected, caps) > caps.usdPerDay) return { cap: 'cost_per_day', until: midnight };
  return null;
}

/** Counts a call that begins, with all the tokens it could use. */
export function charge(spend: Spend, expected: Tokens, caps: ModelCaps, now: number): Spend {
  const { calls, day, tokens, usd } = current(spend, now);
  return {
    calls: [...calls, now],
    day,
    tokens: tokens + expected.input + expected.output,
    usd: usd + costOf(expected, caps),
  };
}

/** Corrects the tokens of a call on the UTC day `day` from expected to used. */
export function correct(
  spend: Spend,
  day: string,
  expected: Tokens,
  used: Tokens,
  caps: ModelCaps,
  now: number,
): Spend {
  const known = current(spend, now);
  // Expected tokens of another day were reset with that day.
  const before = known.day === day ? expected : { input: 0, output: 0 };
  return {
    ...known,
    tokens: Math.max(0, known.tokens + used.input + used.output - before.input - before.output),
    usd: Math.max(0, known.usd + costOf(used, caps) - costOf(before, caps)),
  };
}
