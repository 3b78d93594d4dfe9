import { z } from 'zod';
import { SERVICES } from '../contract/define-contract.ts';
import { processNameSchema, timestampSchema } from '../values/identifiers.ts';

/** Sent every second by every instance on `pulse.<service>.<instance>`. May be lost: core NATS, no ack. */
export const pulseSchema = z.object({
  service: z.enum(SERVICES),
  instance: processNameSchema,
  /** New at each start of the process. */
  boot_id: z.string(),
  pid: z.number().int(),
  started_at: timestampSchema,
  sent_at: timestampSchema,
  sequence: z.number().int(),
  /** `starting` until ready, `draining` from the signal to stop on, `stopped` in the last pulse. */
  state: z.enum(['starting', 'ready', 'not-ready', 'draining', 'stopped']),
  /** The base address of `/livez` and `/readyz`, `http://127.0.0.1:41234`. */
  health_url: z.string(),
  resident_bytes: z.number(),
  /** Of the disk that holds the working folder; absent while the figures are not known. */
  disk_free_bytes: z.number().optional(),
  disk_total_bytes: z.number().optional(),
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
    }),
  ),
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
