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

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const RATES = { error_rate: 0.5, success_rate: 0.9 } as const;

/** Signals of monitor count these runs, so that they stay close to a second apart. */
const CORE = {
  threshold: { response_time_ms: 250, ...RATES },
  interval_ms: SECOND,
  interval_bounds: { min_ms: 500, max_ms: 2 * SECOND },
  timeout_ms: 800,
  retries: 0,
  hysteresis: { fails: 2, passes: 2 },
  dependencies: [],
  can_be_muted: false,
} as const;
const STORE = {
  ...CORE,
  threshold: { response_time_ms: 1000, ...RATES },
  interval_ms: 2 * SECOND,
  interval_bounds: { min_ms: SECOND, max_ms: 4 * SECOND },
  timeout_ms: 2500,
  hysteresis: { fails: 3, passes: 2 },
} as const;
const SERVICE = {
  ...CORE,
  type: 'api',
  about: 'Requests the health port of each instance and sends it a control request.',
  interval_ms: 5 * SECOND,
  interval_bounds: { min_ms: SECOND, max_ms: MINUTE },
  timeout_ms: 500,
} as const;
const EXTERNAL = {
  type: 'external',
  threshold: { response_time_ms: 3 * SECOND, ...RATES },
  interval_ms: MINUTE,
  interval_bounds: { min_ms: 5 * SECOND, max_ms: 60 * MINUTE },
  timeout_ms: 5 * SECOND,
  retries: 1,
  hysteresis: { fails: 2, passes: 2 },
  dependencies: [],
  can_be_muted: true,
} as const;
const BUSINESS = {
  ...EXTERNAL,
  type: 'business',
  interval_bounds: { min_ms: 5 * SECOND, max_ms: 10 * MINUTE },
} as const;

/**
 * Every check of monitor with its defaults, dependencies first. An admin changes thresholds and intervals with
 * `PATCH /v1/admin/checks/:name`; what is changed is stored apart from this table.
 */
export const CHECKS = defineChecks([
  {
    ...CORE,
    name: 'postgres',
    type: 'database',
    target: 'server:postgres',
    about: 'Sends a query over a connection beside the pool.',
  },
  {
    ...STORE,
    name: 'postgres-writes',
    type: 'database',
    target: 'server:postgres',
    about: 'Writes a row.',
    dependencies: ['postgres'],
  },
  {
    ...CORE,
    name: 'redis',
    type: 'cache',
    target: 'server:redis',
    about: 'Sends PING.',
  },
  {
    ...CORE,
    name: 'nats',
    type: 'bus',
    target: 'server:nats',
    about: 'Measures a round trip to the server.',
  },
  {
    ...STORE,
    name: 'nats-store',
    type: 'bus',
    target: 'server:nats',
    about: 'Writes a value to a bucket and reads it back.',
    dependencies: ['nats'],
  },
  {
    ...CORE,
    name: 'gateway-http',
    type: 'api',
    target: 'http:gateway',
    about: 'Requests the public port of the gateway as a partner does.',
    hysteresis: { fails: 3, passes: 2 },
  },
  {
    ...CORE,
    name: 'event-log',
    type: 'queue',
    target: 'queue:events',
    about: 'Reads the streams: consumers, dead letters, room.',
    threshold: { response_time_ms: SECOND, ...RATES },
    interval_ms: 5 * SECOND,
    interval_bounds: { min_ms: SECOND, max_ms: 30 * SECOND },
    timeout_ms: 5 * SECOND,
    dependencies: ['nats'],
  },
  { ...SERVICE, name: 'gateway', target: 'service:gateway', dependencies: ['nats'] },
  { ...SERVICE, name: 'auth', target: 'service:auth', dependencies: ['nats', 'postgres'] },
  { ...SERVICE, name: 'billing', target: 'service:billing', dependencies: ['nats', 'postgres'] },
  { ...SERVICE, name: 'support', target: 'service:support', dependencies: ['nats', 'postgres'] },
  { ...SERVICE, name: 'monitor', target: 'service:monitor', dependencies: ['nats'] },
  { ...SERVICE, name: 'healer', target: 'service:healer', dependencies: ['nats'] },
  {
    ...CORE,
    name: 'disk',
    type: 'database',
    target: 'machine:disk',
    about: 'Reads from the pulses how much of each disk is free.',
    interval_ms: 10 * SECOND,
    interval_bounds: { min_ms: SECOND, max_ms: 5 * MINUTE },
  },
  {
    ...EXTERNAL,
    name: 'smtp',
    target: 'external:smtp',
    about: 'Connects to the mail server and logs in. Sends no mail.',
  },
  {
    ...EXTERNAL,
    name: 'twilio',
    target: 'external:twilio',
    about: 'Reads the account from Twilio. Sends no SMS.',
  },
  {
    ...EXTERNAL,
    name: 'model',
    target: 'external:model',
    about: 'Reads the list of models. Sends no prompt.',
  },
  {
    ...BUSINESS,
    name: 'partner-call',
    target: 'business:partner-call',
    about: 'Logs in as the synthetic partner and makes one metered call through the public port.',
    threshold: { response_time_ms: 2 * SECOND, ...RATES },
    dependencies: [
      'postgres',
      'postgres-writes',
      'nats',
      'nats-store',
      'gateway-http',
      'gateway',
      'auth',
      'billing',
    ],
  },
  {
    ...BUSINESS,
    name: 'metered-calls',
    target: 'business:metered-calls',
    about: 'Compares the metered calls of the synthetic partner with those that billing has counted.',
    threshold: { response_time_ms: 2 * SECOND, ...RATES },
    retries: 0,
    dependencies: ['partner-call'],
  },
]);
export type CheckName = (typeof CHECKS)[number]['name'];

/**
 * The partner that monitor calls the portal as. Its calls are metered and counted as any other, and left out of
 * figures, lists and accounts of partners. The same id everywhere, so that each service can tell it without asking.
 */
export const SYNTHETIC_PARTNER_ID = `par_${'0'.repeat(13)}synthetic`;
