import { notificationConfig } from '@gridworks/notifications';
import { sharedConfig } from '@gridworks/runtime';
import { z } from 'zod';

/** The settings of auth, read from the environment. */
export const authConfig = sharedConfig
  .extend({
    DATABASE_URL: sharedConfig.shape.DATABASE_URL.unwrap().describe(
      'postgres://auth:password@host:5432/database',
    ),
    SMTP_URL: notificationConfig.SMTP_URL.optional(),
    SMTP_BACKUP_URL: notificationConfig.SMTP_BACKUP_URL,
    EMAIL_FROM: notificationConfig.EMAIL_FROM,
    PORTAL_URL: notificationConfig.PORTAL_URL,
    REDIS_URL: sharedConfig.shape.REDIS_URL.unwrap().describe('redis://:password@host:6379'),
    AUTH_ADMIN_EMAIL: z
      .email()
      .max(254)
      .toLowerCase()
      .optional()
      .describe('address of the admin who is made at the start'),
    AUTH_ADMIN_PASSWORD: z
      .string()
      .min(10)
      .max(256)
      .optional()
      .describe('password of that admin, at least 10 characters'),
    AUTH_AUDIT_MONTHS: z.coerce
      .number()
      .int()
      .min(1)
      .max(1200)
      .default(24)
      .describe('whole months of the audit log that are kept besides the present one'),
  })
  .refine((config) => !config.AUTH_ADMIN_EMAIL === !config.AUTH_ADMIN_PASSWORD, {
    message: 'set AUTH_ADMIN_EMAIL and AUTH_ADMIN_PASSWORD both, or neither',
    path: ['AUTH_ADMIN_PASSWORD'],
  });
export type AuthConfig = z.output<typeof authConfig>;
