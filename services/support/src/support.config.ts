import { sharedConfig } from '@gridworks/runtime';

/** The settings of support, read from the environment. */
export const supportConfig = sharedConfig.extend({
  DATABASE_URL: sharedConfig.shape.DATABASE_URL.unwrap().describe(
    'postgres://support:password@host:5432/database',
  ),
});
