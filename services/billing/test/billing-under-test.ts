import { getUsage, newId } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { keyOf, ServiceUnderTest } from '@gridworks/testing/service';
import type { Provider } from '@nestjs/common';
import type { BillingConfig } from '../src/billing.config.ts';
import { BillingModule } from '../src/billing.module.ts';
import { LOCAL_SELLER, sellerSchema } from '../src/billing-profiles/seller.ts';

const SETTINGS: Partial<BillingConfig> = {
  ...{ PORTAL_URL: 'https://portal.example', EMAIL_FROM: 'Portal <portal@example.com>' },
  ...{ BILLING_SELLER: sellerSchema.parse(JSON.parse(LOCAL_SELLER)), BILLING_GRACE_MS: 0 },
  ...{ BILLING_USAGE_MONTHS: 13, BILLING_USAGE_HOUR_DAYS: 35, BILLING_USAGE_DAY_DAYS: 400 },
};

/** `config`: settings other than those above; `providers`: in place of the module's own. */
export const startBilling = (
  config: Partial<BillingConfig> = {},
  providers: Provider[] = [],
): Promise<ServiceUnderTest> =>
  ServiceUnderTest.start({
    service: 'billing',
    modules: (databaseUrl) => [BillingModule.persistence(databaseUrl), BillingModule],
    responses: (gateway) => gateway.request(getUsage, {}, { principal: keyOf(newId('partner')) }),
    also: {
      providers: [{ provide: CONFIG, useValue: { ...SETTINGS, ...config } }, ...providers],
      stop: async () => undefined,
    },
  });
