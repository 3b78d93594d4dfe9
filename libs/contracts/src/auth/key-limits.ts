import { z } from 'zod';

/** The windows of the limits that every key has, by name, in seconds. A limit of this name is a lower one in its place. */
export const PORTAL_WINDOWS_S: Readonly<Record<string, number>> = { burst: 60, daily: 86_400 };
/** How many limits of its own a key may have. */
export const MAX_KEY_LIMITS = 4;

/** A limit of a key's own: at most `quota` calls in a window of `window_s` seconds, beside those that every key has. */
export const keyLimitSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'expected a name such as nightly-job: small letters, digits, hyphens')
    .meta({ examples: ['burst'] }),
  /** Calls in a window. */
  quota: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .meta({ examples: [100] }),
  /** Seconds; windows begin at multiples of it, counted from 1970 in UTC. */
  window_s: z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .meta({ examples: [60] }),
});
export type KeyLimit = z.output<typeof keyLimitSchema>;

/** The limits of a key's own. An empty list: those that every key has, alone. */
export const keyLimitsSchema = z
  .array(keyLimitSchema)
  .max(MAX_KEY_LIMITS)
  .refine((limits) => new Set(limits.map(({ name }) => name)).size === limits.length, 'names a limit twice')
  .refine(
    (limits) => limits.every(({ name, window_s }) => (PORTAL_WINDOWS_S[name] ?? window_s) === window_s),
    'burst has a window of 60 seconds and daily one of 86400, as for every key',
  )
  .meta({ examples: [[{ name: 'burst', quota: 100, window_s: 60 }]] });
