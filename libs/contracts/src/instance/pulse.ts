import { z } from 'zod';
import { SERVICES } from '../contract/define-contract.ts';
import { processNameSchema, timestampSchema } from '../values/identifiers.ts';
import { poolSchema } from './instance.contracts.ts';

/** How long requests took, ms; above 10 s they count as 10 s. */
const durationsShape = { p50_ms: z.number(), p95_ms: z.number(), p99_ms: z.number() };

/** A machine's name for itself, in the characters of host names: `portal-1`, `3f2a9c.internal`. */
export const machineNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*$/)
  .max(64);

/** More contracts than this are not in a pulse: it must stay a small message. */
export const MAX_PULSE_CONTRACTS = 300;

/** Sent every second by every instance on `pulse.<service>.<instance>`. May be lost: core NATS, no ack. */
export const pulseSchema = z.object({
  service: z.enum(SERVICES),
  instance: processNameSchema,
  /** New at each start of the process. */
  boot_id: z.string(),
  pid: z.number().int(),
  /**
   * The platform started this process to take the place of the one with this process id, which still works and is asked to
   * end once this one reports `ready`. Absent otherwise.
   */
  replaces_pid: z.number().int().optional(),
  started_at: timestampSchema,
  sent_at: timestampSchema,
  sequence: z.number().int(),
  /** `starting` until ready, `draining` from the signal to stop on, `stopped` in the last pulse. */
  state: z.enum(['starting', 'ready', 'not-ready', 'draining', 'stopped']),
  /** The base address of `/livez` and `/readyz`, `http://127.0.0.1:41234`. */
  health_url: z.string(),
  resident_bytes: z.number(),
  heap_used_bytes: z.number().optional(),
  /**
   * How much of its memory the process has used: the greater of the heap in use by the limit of the heap, and the resident
   * memory by the limit of the container where there is one. 1: it is about to end.
   */
  memory_share: z.number().optional(),
  /** The limit that `memory_share` refers to. */
  memory_limit_bytes: z.number().optional(),
  /**
   * Processor time of the last second as a share of one processor: more than 1 with several threads. Absent in the first
   * second.
   */
  cpu_share: z.number().optional(),
  /**
   * Share of the last second in which the event loop was not idle. On a machine with too little processor it says more than
   * `cpu_share`: how much the process would use. Absent in the first second.
   */
  event_loop_use: z.number().optional(),
  /** Sockets, files, timers and requests to the system that are open. */
  open_handles: z.number().int().optional(),
  /**
   * Of the disk with the least room, of those that hold its folders (`DISK_FOLDERS`, else the working folder); absent while the
   * figures are not known. `total`: what this user may use, as `df` counts.
   */
  disk_free_bytes: z.number().optional(),
  disk_total_bytes: z.number().optional(),
  /** The folder by which that disk was found. */
  disk_folder: z.string().max(300).optional(),
  /** The longest block of the event loop in the last second. */
  event_loop_lag_ms: z.number(),
  in_flight: z.number().int(),
  /** Counted since the start of the process. */
  requests: z.object({ ok: z.number().int(), failed: z.number().int() }),
  dependencies: z.array(
    z.object({
      name: z.string(),
      critical: z.boolean(),
      status: z.enum(['up', 'down', 'unknown']),
      /** Connections that broke since the start of the process. */
      connections_lost: z.number().int(),
      /** Identity of the server's boot where it is known (start time, run id, server id). */
      boot: z.string().nullable(),
      /** Where connections are pooled: those lent, callers that wait for one, and the most there may be. */
      pool: poolSchema.optional(),
      /** Events in the outbox of the service that wait to be published, at most 10,000; absent while not known. */
      outbox_waiting: z.number().int().optional(),
    }),
  ),
  /** In every tenth pulse: the machine, or the container, that the process runs on. Its disk is above. */
  machine: z
    .object({
      name: machineNameSchema,
      /** Processes that ran or waited to run, on average over a minute. */
      load_1m: z.number(),
      memory_free_bytes: z.number(),
      memory_total_bytes: z.number(),
    })
    .optional(),
  /** In every tenth pulse: durations of all requests since the tenth pulse before; null when there was none. */
  durations: z.object(durationsShape).nullable().optional(),
  /**
   * In every tenth pulse: each contract of which a request was served. `requests` and `errors` count since the start of the
   * process, errors by a fault of this side; the durations are of the time since the tenth pulse before. At the
   * gateway a contract is named by method and path.
   */
  contracts: z
    .array(
      z.object({
        contract: z.string().min(1).max(120),
        requests: z.number().int(),
        errors: z.number().int(),
        ...z.object(durationsShape).partial().shape,
      }),
    )
    .max(MAX_PULSE_CONTRACTS)
    .optional(),
  /** In every tenth pulse: how often each cache that counts was asked since the start of the process, and had the value. */
  caches: z
    .array(z.object({ name: z.string().max(60), hits: z.number().int(), misses: z.number().int() }))
    .max(20)
    .optional(),
  /** The reasons why the instance is degraded, in words, for `/health`. */
  degraded: z.array(z.string()),
  /**
   * The gateway only: in how many browsers pages of each build of the console failed recently. A few builds.
   */
  frontend: z
    .array(
      z.object({
        build: z.string(),
        /** Browsers, told apart by network address, that reported anything; those of them that reported a failure. */
        browsers: z.number().int(),
        failing: z.number().int(),
        /** The latest failure, redacted, and the request that reported it. */
        sample: z.object({ message: z.string(), page: z.string(), request_id: z.string() }).nullable(),
      }),
    )
    .optional(),
});
export type Pulse = z.output<typeof pulseSchema>;

export const pulseSubject = (service: string, instance: string): string => `pulse.${service}.${instance}`;
