import { serviceOfConsumer } from '@gridworks/bus';
import { DEPENDENCIES, SERVICES, type ServiceName } from '@gridworks/contracts';

/**
 * The service that runs a consumer: `billing_record-usage` belongs to billing. A consumer of a service that does
 * not exist any more counts as the healer's, which does not run it.
 */
export function serviceOf(consumer: string): ServiceName {
  const service = serviceOfConsumer(consumer);
  return SERVICES.includes(service) ? service : 'healer';
}

/** Whether the consumer has an inbox: its service has a schema in PostgreSQL. */
export function hasInbox(consumer: string): boolean {
  const { needs, uses } = DEPENDENCIES[serviceOf(consumer)];
  return [...needs, ...uses].includes('postgres');
}
