import { isIP } from 'node:net';
import { notificationConfig } from '@gridworks/notifications';
import { sharedConfig } from '@gridworks/runtime';
import { z } from 'zod';
import { logInProvidersSchema } from './log-in-providers/log-in-provider.ts';

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text);
}

/** An IP address, with a port or without: `192.0.2.1:53`, `[2001:db8::1]:53`. */
function isDnsServer(text: string): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\](?::\d{1,5})?|([^[\]]+))$/.exec(text) ?? [];
  return isIP(bracketed ?? plain ?? '') > 0 || isIP(plain?.replace(/:\d{1,5}$/, '') ?? '') === 4;
}

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
    AUTH_LEAKED_KEYS: z
      .enum(['revoke', 'notify'])
      .default('revoke')
      .describe('what happens to a key that was found in public: it ends, or its owners are only mailed'),
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
    AUTH_DNS_SERVERS: z
      .string()
      .transform((list) => list.split(',').map((server) => server.trim()))
      .pipe(z.array(z.string().refine(isDnsServer, 'is no address like 192.0.2.1 or 192.0.2.1:53')).min(1))
      .optional()
      .describe(
        'name servers for the records of verified domains, separated by commas; by default those of the machine',
      ),
    AUTH_SECRET_KEYS: z
      .string()
      .transform((list) => list.split(',').map((key) => key.trim()))
      .pipe(z.array(z.string().regex(/^[0-9a-f]{64}$/i, 'is no key of 64 hexadecimal digits')).min(1))
      .transform((keys) => keys.map((key) => Buffer.from(key, 'hex')))
      .describe(
        'keys of 64 hexadecimal digits, separated by commas: the first one encrypts, all of them decrypt',
      ),
    AUTH_PUBLIC_ORIGINS: z
      .string()
      .default('http://localhost:8080')
      .transform((list) => list.split(',').map((origin) => origin.trim()))
      .pipe(z.array(z.string().refine(isOrigin, 'is no origin like https://portal.example.com')).min(1))
      .describe(
        'origins of the portal in a browser, separated by commas; passkeys work there and nowhere else',
      ),
    AUTH_RP_ID: z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/)
      .optional()
      .describe('domain that passkeys are for; by default the host of the first origin'),
    AUTH_SIGNING_KEY_LEAD_S: z.coerce
      .number()
      .int()
      .min(1)
      .max(86_400)
      .default(600)
      .describe('seconds for which a new key for access tokens is published before it signs'),
    AUTH_LOG_IN_PROVIDERS: z
      .string()
      .default('[]')
      .transform((text, context) => {
        try {
          return JSON.parse(text) as unknown;
        } catch {
          context.addIssue({ code: 'custom', message: 'is not JSON' });
          return z.NEVER;
        }
      })
      .pipe(logInProvidersSchema)
      .describe(
        'log-in providers as JSON: [{"id","kind","client_id","client_secret"}] with the kinds google, github and oidc (with "issuer" and "name")',
      ),
    AUTH_SSO_PRIVATE_NETWORKS: z
      .stringbool()
      .default(false)
      .describe(
        'whether identity providers of partners may be in private networks and at http: addresses; for tests and closed networks',
      ),
    AUTH_ADMIN_SECOND_FACTOR: z
      .enum(['optional', 'required'])
      .default('optional')
      .describe('`required`: an admin without a second factor may only add one'),
  })
  .refine((config) => !config.AUTH_ADMIN_EMAIL === !config.AUTH_ADMIN_PASSWORD, {
    message: 'set AUTH_ADMIN_EMAIL and AUTH_ADMIN_PASSWORD both, or neither',
    path: ['AUTH_ADMIN_PASSWORD'],
  });
export type AuthConfig = z.output<typeof authConfig>;
