import { delimiter } from 'node:path';
import { processNameSchema } from '@gridworks/contracts';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/**
 * The variables that every service reads. A service's own schema is `sharedConfig.extend({ ... })`, with a
 * prefix for its own names.
 */
export const sharedConfig = z.object({
  SERVICE_INSTANCE: processNameSchema.optional().describe('name of this instance, for instance billing-2'),
  REPLACES_PID: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('process id of the process that this one takes the place of; the platform sets it'),
  NATS_URL: z.string().min(1).describe('address of NATS, for instance nats://127.0.0.1:4222'),
  NATS_USER: z.string().min(1).optional().describe("user name at NATS; default: the service's name"),
  NATS_PASSWORD: z.string().min(1).optional().describe('password at NATS'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .optional()
    .describe('postgres://user:password@host:5432/database'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//)
    .optional()
    .describe('redis://:password@host:6379'),
  SIGNING_PUBLIC_KEY: z
    .string()
    .regex(/^[\w-]{43}$/)
    .describe("the public key of the gateway's SIGNING_KEY: 43 characters of base64url"),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  HEALTH_PORT: port.default(0).describe('port of the health endpoints, 0 for any free one'),
  HEALTH_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('address that the health endpoints listen on; 0.0.0.0 in a container'),
  DISK_FOLDERS: z
    .string()
    .min(1)
    .transform((text) => text.split(delimiter).filter(Boolean))
    .optional()
    .describe('folders whose disks are watched, separated like PATH; default: the working folder'),
  DRAIN_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(9_000)
    .describe('milliseconds from the stop signal until the process gives up waiting'),
});
export type SharedConfig = z.output<typeof sharedConfig>;

/** For a service that serves HTTP: `sharedConfig.extend(httpConfig)`. */
export const httpConfig = {
  PORT: port.default(8080).describe('port of the HTTP server, 0 for any free one'),
  HOST: z.string().min(1).default('127.0.0.1').describe('address that the HTTP server listens on'),
};
