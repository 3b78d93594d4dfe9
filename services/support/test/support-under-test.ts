import { listTickets, newId } from '@gridworks/contracts';
import { keyOf, ServiceUnderTest } from '@gridworks/testing/service';
import { SupportModule } from '../src/support.module.ts';

export const startSupport = (): Promise<ServiceUnderTest> =>
  ServiceUnderTest.start({
    service: 'support',
    modules: (databaseUrl) => [SupportModule.persistence(databaseUrl), SupportModule],
    responses: (gateway) => gateway.request(listTickets, {}, { principal: keyOf(newId('partner')) }),
  });
