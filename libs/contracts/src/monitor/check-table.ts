import { defineChecks } from './check-definition.ts';

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
    name: 'postgres-integrity',
    type: 'database',
    target: 'server:postgres',
    about: 'Has a few indexes checked for damage, in quiet hours, and damaged ones again.',
    threshold: { response_time_ms: 30 * SECOND, ...RATES },
    interval_ms: MINUTE,
    interval_bounds: { min_ms: 5 * SECOND, max_ms: 10 * MINUTE },
    timeout_ms: 25 * SECOND,
    dependencies: ['postgres'],
    can_be_muted: true,
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
    // After a long outage of PostgreSQL billing takes an event up to 72 s later.
    interval_bounds: { min_ms: 15 * SECOND, max_ms: 10 * MINUTE },
    retries: 0,
    hysteresis: { fails: 6, passes: 2 },
    dependencies: ['partner-call'],
  },
  {
    ...BUSINESS,
    name: 'reconciliation',
    target: 'business:reconciliation',
    about: 'Reads what the last nightly comparison of meter, invoices, ledger and payment provider found.',
    dependencies: ['postgres', 'nats', 'billing'],
  },
]);
export type CheckName = (typeof CHECKS)[number]['name'];

/**
 * The partner that monitor calls the portal as. Its calls are metered and counted as any other, and left out of
 * figures, lists and accounts of partners. The same id everywhere, so that each service can tell it without asking.
 */
export const SYNTHETIC_PARTNER_ID = `par_${'0'.repeat(13)}synthetic`;
