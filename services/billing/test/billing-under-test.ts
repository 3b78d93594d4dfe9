import { getUsage, newId } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { keyOf, ServiceUnderTest } from '@gridworks/testing/service';
import type { Provider } from '@nestjs/common';
import { BillingModule } from '../src/billing.module.ts';

/** `environment`: of the configuration. */
export const startBilling = (
  environment: Readonly<Record<string, unknown>> = {},
  providers: Provider[] = [],
): Promise<ServiceUnderTest> =>
  ServiceUnderTest.start({
    service: 'billing',
    modules: (databaseUrl) => [BillingModule.persistence(databaseUrl), BillingModule],
    also: {
      providers: [
        { provide: CONFIG, useValue: { PORTAL_URL: 'https://portal.example', ...environment } },
        ...providers,
      ],
      stop: async () => undefined,
    },
    responses: (gateway) => gateway.request(getUsage, {}, { principal: keyOf(newId('partner')) }),
  });
