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

/** What the table tells each service when the environment says this. */
function environments(env: Record<string, string>) {
  const settings = readSettings(env);
  const context = {
    ...{ layout: layoutOf('/clone', '/clone/.local'), settings, secrets },
    addresses: addressesOf(settings, secrets, ports),
  };
  return Object.fromEntries(
    SERVICE_TABLE.map(({ service, env: tell }) => [service, tell?.(context, service) ?? {}]),
  );
}

describe('the door in the settings of the services', () => {
  it('is the port that was found, when a free one was asked for', () => {
    const told = environments({ PORT: '0' });
    expect(told.gateway?.PORT).toBe('23456');
    expect(told.monitor?.GATEWAY_URL).toBe('http://127.0.0.1:23456');
    expect(told.healer?.PORTAL_URL).toBe('http://127.0.0.1:23456');
    expect(JSON.stringify(told)).not.toMatch(/8080|127\.0\.0\.1:0\b/);
  });

  it('leaves links to a portal that is reached elsewhere as they are', () => {
    expect(environments({ PORTAL_URL: 'https://portal.example' }).healer).not.toHaveProperty('PORTAL_URL');
  });
});
