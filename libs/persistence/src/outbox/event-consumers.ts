import { EVENTS, type ServiceName } from '@gridworks/contracts';

const bySubject = new Map(EVENTS.map((contract) => [contract.subject, contract.consumers]));

/**
 * The durable consumers that a subject's contract declares. None for a subject without a contract: then no
 * consumer is left that could confirm.
 */
export function consumersOf(subject: string): readonly string[] {
  return bySubject.get(subject) ?? [];
}

/** The service of a consumer: `billing_record-usage` belongs to billing. */
export function serviceOf(consumer: string): ServiceName {
  return consumer.slice(0, consumer.indexOf('_')) as ServiceName;
}
