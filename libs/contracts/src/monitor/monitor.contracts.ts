import { z } from 'zod';
import { defineEvent, defineRequest, SERVICES } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, processNameSchema, timestampSchema } from '../values/identifiers.ts';
import { SIGNAL_NAMES } from './signals.ts';

export const SERVERS = ['postgres', 'nats', 'redis'] as const;
export type ServerName = (typeof SERVERS)[number];

export const signalSchema = z.enum(SIGNAL_NAMES);

/**
 * The target of a symptom. `process` is the platform's name of the instance or server. Never empty, never a
 * wildcard.
 */
export const targetSchema = z.object({
  kind: z.enum(['service', 'server']),
  /** Service (`billing`) or server (`postgres`). */
  name: z.enum([...SERVICES, ...SERVERS]),
  process: processNameSchema,
});
targetSchema.register(NAMED_SCHEMAS, { id: 'Target' });
export type Target = z.output<typeof targetSchema>;

export const symptomSchema = z.object({
  id: idSchema('symptom'),
  signal: signalSchema,
  target: targetSchema,
  /** `firing` once when the symptom begins (after hysteresis), `cleared` once when it is gone. */
  state: z.enum(['firing', 'cleared']),
  /** When the fault seems to have begun, by the last sign of health. */
  began_at: timestampSchema,
  observed_at: timestampSchema,
  /**
   * Servers and services that this target reports as unreachable: an incident of one of them explains this
   * symptom.
   */
  suspects: z.array(z.enum([...SERVICES, ...SERVERS])),
  /** Facts for people and rules. Plain JSON, no secrets. */
  evidence: z.record(z.string(), z.unknown()),
});
symptomSchema.register(NAMED_SCHEMAS, { id: 'Symptom' });
export type Symptom = z.output<typeof symptomSchema>;

export const symptomObserved = defineEvent({
  subject: 'event.monitor.symptom.observed',
  summary: 'Monitor saw a symptom begin or end',
  payload: symptomSchema,
  consumers: ['healer_observe-symptom'],
  listeners: ['gateway'],
});

/** The way without JetStream: core NATS alone. Monitor uses it while JetStream does not work. */
export const reportSymptom = defineRequest({
  subject: 'rpc.healer.symptom.report',
  summary: 'Report a symptom to a healer while the event stream stores nothing',
  input: symptomSchema,
  /**
   * `stored`: an incident contains the symptom. `noted`: an admin can read it, and it must be published once
   * the stream works.
   */
  output: z.object({ taken: z.enum(['stored', 'noted']) }),
  permission: 'internal',
  callers: ['monitor'],
  repeatable: true,
});

export const healthCheckSchema = z.object({
  /** `service:billing`, `server:postgres`, `http:gateway`. */
  component: z.string(),
  status: z.enum(['pass', 'warn', 'fail', 'unknown']),
  observed_at: timestampSchema,
  latency_ms: z.number().nullable(),
  detail: z.string().nullable(),
});
healthCheckSchema.register(NAMED_SCHEMAS, { id: 'HealthCheck' });
export type HealthCheck = z.output<typeof healthCheckSchema>;

export const getSystemHealth = defineRequest({
  subject: 'rpc.monitor.health.get',
  summary: 'The current results of all checks: every instance, every server, gateway HTTP',
  http: { method: 'GET', path: '/v1/admin/health', status: 200 },
  permission: 'health:read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('system_health'),
    status: z.enum(['pass', 'warn', 'fail']),
    observed_at: timestampSchema,
    checks: z.array(healthCheckSchema),
    instances: z.array(
      z.object({
        service: z.string(),
        instance: z.string(),
        pid: z.number().int(),
        started_at: timestampSchema,
        last_pulse_at: timestampSchema,
        resident_bytes: z.number(),
        event_loop_lag_ms: z.number(),
        requests_per_second: z.number(),
        errors_per_second: z.number(),
        degraded: z.array(z.string()),
      }),
    ),
  }),
  repeatable: true,
});
