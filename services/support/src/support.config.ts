import { sharedConfig } from '@gridworks/runtime';

/** What support reads from its environment. */
export const supportConfig = sharedConfig.extend({
  DATABASE_URL: sharedConfig.shape.DATABASE_URL.unwrap().describe(
    'postgres://support:password@host:5432/database',
  ),
});
