import { describe, expect, it } from '@jest/globals';
import { layoutOf } from '../files/layout.ts';
import { addressesOf } from './addresses.ts';
import type { Secrets } from './secrets.ts';
import { readSettings } from './settings.ts';
import { SERVICE_TABLE } from './topology.ts';

const secrets = {
  redis_passwords: {},
  nats_passwords: {},
  database_passwords: {},
  platform_token: 'p',
  signing_key: 's',
  sms_token: 't',
  admin_password: 'a',
} as unknown as Secrets;
const ports = { gateway: 23_456, nats: 2, postgres: 3, redis: 4, smtp: 5, mailPage: 6 };

/** The variables that the table gives each service in this environment. */
function environments(env: Record<string, string>) {
  const settings = readSettings(env);
  const context = {
    ...{ layout: layoutOf('/clone', '/clone/.local'), settings, secrets },
    addresses: addressesOf(settings, secrets, ports),
    diskFolders: ['/data'],
  };
  return Object.fromEntries(
    SERVICE_TABLE.map(({ service, env: tell }) => [service, tell?.(context, service) ?? {}]),
  );
}

describe('gateway HTTP in the settings of the services', () => {
  it('is the port that was found, when a free one was requested', () => {
    const told = environments({ PORT: '0' });
    expect(told.gateway?.PORT).toBe('23456');
    expect(told.monitor?.GATEWAY_URL).toBe('http://127.0.0.1:23456');
    expect(told.healer?.PORTAL_URL).toBe('http://127.0.0.1:23456');
    expect(JSON.stringify(told)).not.toMatch(/8080|127\.0\.0\.1:0\b/);
  });

  it('does not change links to a portal at another address', () => {
    expect(environments({ PORTAL_URL: 'https://portal.example' }).healer).not.toHaveProperty('PORTAL_URL');
  });
});
