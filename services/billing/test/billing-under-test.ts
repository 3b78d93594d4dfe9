import { getUsage, newId } from '@gridworks/contracts';
import { keyOf, ServiceUnderTest } from '@gridworks/testing/service';
import { BillingModule } from '../src/billing.module.ts';

export const startBilling = (): Promise<ServiceUnderTest> =>
  ServiceUnderTest.start({
    service: 'billing',
    modules: (databaseUrl) => [BillingModule.persistence(databaseUrl), BillingModule],
    responses: (gateway) => gateway.request(getUsage, {}, { principal: keyOf(newId('partner')) }),
  });
