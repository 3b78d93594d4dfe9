import { sharedConfig } from '@gridworks/runtime';
import { z } from 'zod';
import { externalConfig } from './checks/external/external.config.ts';

/** The environment variables of monitor. */
export const monitorConfig = sharedConfig.extend({
  ...externalConfig,
  DATABASE_URL: sharedConfig.shape.DATABASE_URL.unwrap().describe(
    'postgres://monitor:password@host:5432/database',
  ),
  REDIS_URL: sharedConfig.shape.REDIS_URL.unwrap().describe('redis://:password@host:6379'),
  GATEWAY_URL: z
    .url({ protocol: /^https?$/ })
    .describe('where partners reach the gateway, http://127.0.0.1:8080'),
});
export type MonitorConfig = z.output<typeof monitorConfig>;
