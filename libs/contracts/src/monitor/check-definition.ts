import { z } from 'zod';

export const CHECK_TYPES = ['api', 'database', 'cache', 'bus', 'queue', 'external', 'business'] as const;

/** `postgres`, `gateway-http`. Never a wildcard. */
export const checkNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'expected a name such as gateway-http')
  .max(40)
  .meta({ examples: ['smtp'] });

const rate = z.number().min(0).max(1);

/** From when on a check is no longer healthy. */
export const checkThresholdSchema = z.strictObject({
  /** A run that passed and took longer makes the check degraded. Milliseconds. */
  response_time_ms: z.int().min(1).max(60_000),
  /** The check fails when this share of its latest runs failed, even when no two failed in a row. */
  error_rate: rate,
  /** The check is degraded when a smaller share of its latest runs passed. */
  success_rate: rate,
});
export type CheckThreshold = z.output<typeof checkThresholdSchema>;

/** One row of the table of checks. */
export const checkDefinitionSchema = z.strictObject({
  name: checkNameSchema,
  type: z.enum(CHECK_TYPES),
  /** The component that is checked: `server:postgres`, `service:auth`, `external:smtp`. */
  target: z.string().regex(/^[a-z]+:[a-z0-9-]{1,60}$/),
  /** What the check does, as a sentence. */
  about: z.string(),
  threshold: checkThresholdSchema,
  /** From the beginning of one run to that of the next, give or take a tenth. */
  interval_ms: z.int().min(250),
  /** What an admin may set the interval to: signals of the check rely on these bounds. */
  interval_bounds: z.strictObject({ min_ms: z.int(), max_ms: z.int() }),
  timeout_ms: z.int().min(50).max(30_000),
  /** How often a failed run is tried again before it counts. */
  retries: z.int().min(0).max(5),
  /** So many runs in a row must fail before the check fails, and pass before it is healthy again. */
  hysteresis: z.strictObject({ fails: z.int().min(1), passes: z.int().min(1) }),
  /** Names of checks: while one of them fails, this check does not run and reports nothing. */
  dependencies: z.array(checkNameSchema),
  /**
   * Whether an admin may disable or mute the check. False for checks that other judgements of monitor rely on:
   * healing is paused by a pause, not by blindness.
   */
  can_be_muted: z.boolean(),
});
export type CheckDefinition = z.output<typeof checkDefinitionSchema>;

/** A row as it is written down. */
export type CheckRow = Omit<CheckDefinition, 'dependencies'> & { readonly dependencies: readonly string[] };

/** Returns the rows unchanged. Throws when a row is invalid, a name is taken, or a dependency is unknown or circular. */
export function defineChecks<const Row extends CheckRow>(rows: readonly Row[]): readonly Row[] {
  const known = new Set<string>();
  for (const row of rows) {
    const { name, dependencies, interval_ms, interval_bounds } = checkDefinitionSchema.parse(row);
    if (known.has(name)) throw new Error(`the check ${name} is defined twice`);
    if (interval_ms < interval_bounds.min_ms || interval_ms > interval_bounds.max_ms)
      throw new Error(`the interval of the check ${name} is out of its bounds`);
    // Dependencies stand above, so that the table has no circle.
    const unknown = dependencies.find((one) => !known.has(one));
    if (unknown !== undefined)
      throw new Error(`the check ${name} depends on ${unknown}, which is not above it`);
    known.add(name);
  }
  return rows;
}
