import { EVENTS, type ServiceName } from '@gridworks/contracts';

const bySubject = new Map(EVENTS.map((contract) => [contract.subject, contract.consumers]));

/**
 * The durable consumers that a subject's contract declares. None for a subject that no contract knows any more: then
 * nobody is left who could confirm.
 */
export function consumersOf(subject: string): readonly string[] {
  return bySubject.get(subject) ?? [];
}

/** `billing_record-usage` is billing's. */
export function serviceOf(consumer: string): ServiceName {
  return consumer.slice(0, consumer.indexOf('_')) as ServiceName;
}
