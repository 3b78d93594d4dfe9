import type { LogEventRow } from './log-event-row.ts';

/** Log lines of libs/bus. */
export const BUS_EVENTS = {
  'bucket.value_invalid': {
    level: 'error',
    meaning: 'A stored value does not have the shape of its bucket; the watch leaves it out.',
    action: 'Read the value at `bucket` and `key`. Usually two versions of a service run side by side.',
  },
  'bucket.watch_broken': {
    level: 'warn',
    meaning: 'The watch of a bucket broke; it begins again.',
    action: 'none',
  },
  'bus.closed': {
    level: 'info',
    meaning: 'The process closed its connection to NATS.',
    action: 'none',
  },
  'bus.connect_failed': {
    level: 'warn',
    meaning: 'NATS does not answer at the start of the process, which tries again.',
    action: 'Check that NATS runs and that `NATS_URL` is right when the line repeats.',
  },
  'bus.connected': {
    level: 'info',
    meaning: 'The process is connected to NATS again.',
    action: 'none',
  },
  'bus.disconnected': {
    level: 'warn',
    meaning: 'The connection to NATS broke; the process connects again.',
    action: 'none',
  },
  'bus.handlers_started': {
    level: 'info',
    meaning: 'The service answers requests and consumes events.',
    action: 'none',
  },
  'bus.headers_by_client': {
    level: 'warn',
    meaning: 'The NATS client takes no finished headers; the bus writes headers by its public class.',
    action: 'Report it to the developers: requests cost a little more until the bus knows this client.',
  },
  'bus.message_dropped': {
    level: 'warn',
    meaning: 'A message was dropped: its sender may not send it.',
    action: 'Find the sender by `subject`, `reason` and `reply`. It is a wrong program or an attack.',
  },
  'bus.operation_refused': {
    level: 'warn',
    meaning: 'NATS refused an operation of this process.',
    action: 'Compare the error with the allow-list of the service in `infra/nats/nats.conf`.',
  },
  'consumer.start_failed': {
    level: 'warn',
    meaning: 'A consumer cannot start yet; it tries again.',
    action: 'Run the provisioner when the line repeats while NATS is healthy: the consumer is missing.',
  },
  'dead_letter.keep_failed': {
    level: 'warn',
    meaning:
      'A dead letter could not be stored in PostgreSQL yet; it waits in the stream and is tried again.',
    action: 'none',
  },
  'dead_letter.unreadable': {
    level: 'error',
    meaning: 'A message among the dead letters names no consumer, so it is not kept for a replay.',
    action: 'Read the message at `sequence` of the stream `DEAD`, which keeps it for 30 days.',
  },
  'event.dependency_away': {
    level: 'warn',
    meaning: 'An event cannot be handled while a dependency is away; it is delivered again.',
    action: 'none',
  },
  'event.given_up': {
    level: 'error',
    meaning: 'A consumer gave up an event; a copy of it is in the dead letters.',
    action: 'Read `reason`, correct the cause, and replay the letter at `/admin/healing/dead-letters`.',
  },
  'event.handler_failed': {
    level: 'warn',
    meaning: 'An event handler failed; the event is delivered again.',
    action: 'none',
  },
  'event.settle_failed': {
    level: 'warn',
    meaning: 'The outcome of an event could not be recorded; the event is delivered again.',
    action: 'none',
  },
  'act.unrecorded': {
    level: 'error',
    meaning: 'The entry of an act was dropped: JetStream took none for long, and too many wait already.',
    action:
      'Find out why JetStream takes no events. The log line names the action that is missing in the audit log.',
  },
  'act.waits': {
    level: 'warn',
    meaning: 'JetStream did not take the entry of an act; it is published again until it is taken.',
    action: 'none',
  },
  'request.handler_failed': {
    level: 'error',
    meaning:
      'A request handler failed with an error that is not in the catalogue; the caller got PLATFORM.INTERNAL.',
    action: 'Report it to the developers with `error` and `request_id`.',
  },
  'request.subscribe_failed': {
    level: 'error',
    meaning: 'The subscription to a request failed: this instance does not answer it.',
    action: 'Compare the error with the allow-list of the service in `infra/nats/nats.conf`.',
  },
  'response.send_failed': {
    level: 'error',
    meaning: 'A response could not be sent; its caller waits until the deadline.',
    action: 'none',
  },
  'subscription.failed': {
    level: 'error',
    meaning: 'A subscription to events or pulses failed: this instance does not receive them.',
    action: 'Compare the error with the allow-list of the service in `infra/nats/nats.conf`.',
  },
  'subscription.handler_failed': {
    level: 'warn',
    meaning:
      'A received event or pulse was left out: its handler failed, or it does not have the shape of its contract.',
    action: 'Report it to the developers when it repeats.',
  },
} as const satisfies Readonly<Record<string, LogEventRow>>;
