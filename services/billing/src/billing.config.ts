import { sharedConfig } from '@gridworks/runtime';

/** The settings of billing, read from the environment. */
export const billingConfig = sharedConfig.extend({
  DATABASE_URL: sharedConfig.shape.DATABASE_URL.unwrap().describe(
    'postgres://billing:password@host:5432/database',
  ),
});
