import { describe, expect, it } from '@jest/globals';
import { addressesOf } from './addresses.ts';
import type { Secrets } from './secrets.ts';
import { readSettings, SettingsError } from './settings.ts';

describe('readSettings', () => {
  it('treats empty variables as not set', () => {
    expect(readSettings({ PORT: '', NATS_URL: ' ', SMTP_URL: '' })).toMatchObject({
      port: 8080,
      mailPort: 0,
      natsUrl: undefined,
      smtpUrl: undefined,
    });
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['MAIL_PORT', '1.5'],
    ['LOG_MAX_MB', '0'],
    ['LOG_ARCHIVES', 'all'],
    ['NATS_URL', 'http://127.0.0.1'],
    ['DATABASE_URL', 'localhost:5432'],
  ])('refuses %s=%s and names the variable', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(SettingsError);
    expect(() => readSettings({ [name]: value })).toThrow(name);
  });

  it('reads when logs are rotated, in megabytes, hours and days', () => {
    const { logPolicy } = readSettings({ LOG_MAX_MB: '1', LOG_ARCHIVES: '3', LOG_ARCHIVES_DAYS: '2' });
    expect(logPolicy).toEqual({
      maxBytes: 1_048_576,
      maxAgeMs: 86_400_000,
      keep: 3,
      keepMs: 172_800_000,
      archivesBytes: 268_435_456,
    });
  });

  it('does not repeat a URL, which may hold a password', () => {
    expect(() => readSettings({ DATABASE_URL: 'mysql://me:hunter2@db' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});

describe('addressesOf', () => {
  const secrets = {
    redis_passwords: { auth: 'r' },
    nats_passwords: { auth: 'n' },
    database_passwords: { auth: 'd' },
  } as unknown as Secrets;
  const ports = { gateway: 1, nats: 2, postgres: 3, redis: 4, smtp: 5, mailPage: 6 };

  it('gives each service its own user and role on our servers', () => {
    const addresses = addressesOf(readSettings({}), secrets, ports);
    expect(addresses.nats('auth')).toEqual({ url: 'nats://127.0.0.1:2', user: 'auth', password: 'n' });
    expect(addresses.database('auth')).toBe('postgres://auth:d@127.0.0.1:3/portal');
    expect(addresses.redis('auth')).toBe('redis://auth:r@127.0.0.1:4');
    expect(addresses.redis('billing')).toBeUndefined();
    expect(addresses.smtp).toBe('smtp://127.0.0.1:5');
  });

  it('uses the servers that the environment names', () => {
    const env = {
      NATS_URL: 'nats://me:p%40ss@bus:4222',
      DATABASE_URL: 'postgres://boss:x@db:5433/shared?sslmode=require',
      REDIS_URL: 'redis://cache:6379',
      SMTP_URL: 'smtps://mail',
    };
    const addresses = addressesOf(readSettings(env), secrets, ports);
    expect(addresses.nats('auth')).toEqual({ url: 'nats://bus:4222', user: 'me', password: 'p@ss' });
    expect(addresses.database('auth')).toBe('postgres://auth:d@db:5433/shared?sslmode=require');
    expect(addresses.redis('auth')).toBe('redis://cache:6379');
    expect(addresses.redis('support')).toBeUndefined();
    expect(addresses.smtp).toBe('smtps://mail');
    expect(addresses.smsSink).toBeNull();
  });
});
