import { ACCOUNT_EVENTS } from './log-events/accounts.ts';
import { BUS_EVENTS } from './log-events/bus.ts';
import { GATEWAY_EVENTS } from './log-events/gateway.ts';
import { HEALER_EVENTS } from './log-events/healer.ts';
import type { LogEventRow } from './log-events/log-event-row.ts';
import { MODEL_EVENTS } from './log-events/model.ts';
import { MONITOR_EVENTS } from './log-events/monitor.ts';
import { PAYMENT_EVENTS } from './log-events/payments.ts';
import { RUNTIME_EVENTS } from './log-events/runtime.ts';
import { SELF_HEALING_EVENTS } from './log-events/self-healing.ts';
import { STORAGE_EVENTS } from './log-events/storage.ts';

export type { LogEventRow, LogLevel } from './log-events/log-event-row.ts';

/** The parts of `LOG_EVENTS`, by the heading that docs/LOG-EVENTS.md gives each. */
export const LOG_EVENT_AREAS = {
  'Every service': RUNTIME_EVENTS,
  'The bus': BUS_EVENTS,
  'PostgreSQL, outbox, inbox': STORAGE_EVENTS,
  'Healing inside a process': SELF_HEALING_EVENTS,
  Gateway: GATEWAY_EVENTS,
  'Auth and billing': ACCOUNT_EVENTS,
  Payments: PAYMENT_EVENTS,
  Monitor: MONITOR_EVENTS,
  Healer: HEALER_EVENTS,
  'Healer: model and patterns': MODEL_EVENTS,
} as const satisfies Readonly<Record<string, Readonly<Record<string, LogEventRow>>>>;

/**
 * Every event code that a log line may carry: its level, its sentence, and what a person on call does about it. A code is
 * stable once it is released: people search logs and write alerts by it.
 */
export const LOG_EVENTS = {
  ...RUNTIME_EVENTS,
  ...BUS_EVENTS,
  ...STORAGE_EVENTS,
  ...SELF_HEALING_EVENTS,
  ...GATEWAY_EVENTS,
  ...ACCOUNT_EVENTS,
  ...PAYMENT_EVENTS,
  ...MONITOR_EVENTS,
  ...HEALER_EVENTS,
  ...MODEL_EVENTS,
} as const;

/** `<noun>.<what happened to it>`, such as `incident.resume_failed`. */
export type LogEvent = keyof typeof LOG_EVENTS;
