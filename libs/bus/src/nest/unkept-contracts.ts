import { callQueued, EVENTS, REQUESTS, type ServiceName } from '@gridworks/contracts';
import { serviceOfConsumer } from '../permissions/nats-permissions.ts';

/**
 * The contracts that a service should keep and does not: requests that it owns without a handler, durable
 * consumers of its name that it does not run. Queued calls are not included: they are consumed once a service
 * registers how they are replayed.
 * @param handled subjects of requests and names of consumers that the service handles
 */
export function unkeptContracts(service: ServiceName, handled: ReadonlySet<string>): string[] {
  const requests = REQUESTS.filter(({ owner }) => owner === service).map(({ subject }) => subject);
  const consumers = EVENTS.filter((event) => event !== callQueued[event.owner])
    .flatMap((event) => event.consumers)
    .filter((consumer) => serviceOfConsumer(consumer) === service);
  return [...requests, ...consumers].filter((name) => !handled.has(name));
}
