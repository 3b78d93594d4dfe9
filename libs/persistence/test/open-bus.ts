import { Bus } from '@gridworks/bus';
import type { ServiceName } from '@gridworks/contracts';
import type { NatsServer } from '@gridworks/testing';
import { silent } from './open-database.ts';

export function openBus(nats: NatsServer, service: ServiceName): Promise<Bus> {
  return Bus.connect({
    servers: nats.url,
    service,
    instance: service,
    signingKey: 'a key of thirty-two characters!!',
    logger: silent,
    ...nats.credentials(service),
  });
}
