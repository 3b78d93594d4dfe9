import { sharedConfig } from '@gridworks/runtime';

/** What billing reads from its environment. */
export const billingConfig = sharedConfig.extend({
  DATABASE_URL: sharedConfig.shape.DATABASE_URL.unwrap().describe(
    'postgres://billing:password@host:5432/database',
  ),
});
