import { sharedConfig } from '@gridworks/runtime';
import { z } from 'zod';
import { externalConfig } from './checks/external/external.config.ts';
import { QUIET_HOURS } from './checks/integrity/quiet-hours.ts';

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
  MONITOR_INTEGRITY_HOURS: z
    .string()
    .regex(QUIET_HOURS, 'expected two hours, such as 1-5')
    .default('1-5')
    .describe('when the indexes of PostgreSQL are checked, hours of UTC; 0-24: always'),
});
export type MonitorConfig = z.output<typeof monitorConfig>;
