import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { passEnvironment } from './pass-environment.ts';
import { SERVICE_NAMES } from './secrets.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const namesIn = (file: string) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^\s+([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name!);
const all = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'x']));

describe('passEnvironment', () => {
  const secrets = [
    ...[
      'POSTGRES_PASSWORD',
      'PG_PASSWORD_AUTH',
      'NATS_PASSWORD_BILLING',
      'REDIS_PASSWORD',
      'SIGNING_KEY',
      'SIGNING_PUBLIC_KEY',
    ],
    ...['DATABASE_URL', 'NATS_URL', 'NATS_PASSWORD', 'REDIS_URL', 'PLATFORM_TOKEN', 'AWS_SECRET_ACCESS_KEY'],
    ...['GRIDWORKS_PARENT_PID', 'NODE_OPTIONS', 'npm_config_userconfig', 'MAIL_PORT'],
  ];

  it.each(SERVICE_NAMES)('hides the variables of others from %s', (service) => {
    expect(passEnvironment(service, all(secrets))).toEqual({});
  });

  it('passes on the shared variables, and the cache of compiled code', () => {
    const shared = [
      ...['LOG_LEVEL', 'HEALTH_HOST', 'DRAIN_TIMEOUT_MS', 'PATH', 'HOME', 'TZ', 'NODE_COMPILE_CACHE'],
      ...['NODE_EXTRA_CA_CERTS', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_BSP_SCHEDULE_DELAY'],
    ];
    expect(passEnvironment('billing', { ...all(shared), LANG: '' })).toEqual(all(shared));
  });

  it('passes variables with a service’s prefix to that service only', () => {
    const own = all(['GATEWAY_MAX_IN_FLIGHT', 'HOST', 'HEALER_DRY_RUN', 'AUTH_ADMIN_PASSWORD']);
    expect(Object.keys(passEnvironment('gateway', own))).toEqual(['GATEWAY_MAX_IN_FLIGHT', 'HOST']);
    expect(Object.keys(passEnvironment('healer', own))).toEqual(['HEALER_DRY_RUN']);
    expect(Object.keys(passEnvironment('auth', own))).toEqual(['AUTH_ADMIN_PASSWORD']);
    expect(passEnvironment('billing', own)).toEqual({});
  });

  it('passes the variables for notifications to the healer, those for mails to auth and billing, and to monitor those that it checks', () => {
    const names = namesIn('libs/notifications/src/notification.config.ts');
    expect(names).toContain('TWILIO_AUTH_TOKEN');
    expect(passEnvironment('healer', all(names))).toEqual(all(names));
    const checked = ['SMTP_URL', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'];
    expect(passEnvironment('monitor', all(names))).toEqual(all(checked));
    const toPersons = ['SMTP_URL', 'SMTP_BACKUP_URL', 'EMAIL_FROM', 'PORTAL_URL'];
    for (const sender of ['auth', 'billing'] as const)
      expect(passEnvironment(sender, all(names))).toEqual(all(toPersons));
    for (const service of SERVICE_NAMES) {
      if (!['healer', 'monitor', 'auth', 'billing'].includes(service))
        expect(passEnvironment(service, all(names))).toEqual({});
    }
  });

  it.each(['gateway', 'healer'] as const)(
    'passes every variable of %s with a prefix of its own',
    (service) => {
      const names = namesIn(`services/${service}/src/${service}.config.ts`).filter((name) =>
        name.startsWith(service.toUpperCase()),
      );
      expect(names.length).toBeGreaterThan(5);
      expect(passEnvironment(service, all(names))).toEqual(all(names));
    },
  );
});
