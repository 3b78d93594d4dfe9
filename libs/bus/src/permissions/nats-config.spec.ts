import { SERVICES } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { type NatsUser, natsPermissions, PROVISIONER, renderNatsConfig } from './index.ts';

const passwords = Object.fromEntries(
  [...SERVICES, PROVISIONER].map((user) => [user, `${user}-password`]),
) as Record<NatsUser, string>;
const options = { host: '127.0.0.1', port: 4222, storeDir: '/var/lib/nats', passwords };

describe('renderNatsConfig', () => {
  it('reads a password from the environment when it is a reference, and quotes any other', () => {
    const config = renderNatsConfig({
      ...options,
      passwords: { ...passwords, auth: '$AUTH_PASSWORD', billing: 'a"b}' },
    });
    expect(config).toContain('password: $AUTH_PASSWORD\n');
    expect(config).toContain('password: "a\\"b}"\n');
  });

  it('sets the flush interval only when configured, since old servers do not know it', () => {
    expect(renderNatsConfig(options)).not.toContain('sync_interval');
    expect(renderNatsConfig({ ...options, syncInterval: '100ms' })).toContain('sync_interval: "100ms"');
  });
});

describe('natsPermissions', () => {
  it.each([...SERVICES])(
    'let %s neither delete, purge nor update, nor publish or subscribe to everything',
    (service) => {
      const { publish, subscribe } = natsPermissions(service);
      expect(
        [...publish, ...subscribe].filter((subject) =>
          /^(>|\*|\$JS\.>|\$JS\.API\.>|_INBOX\.>)/.test(subject),
        ),
      ).toEqual([]);
      expect(
        publish.filter((subject) =>
          /(STREAM|CONSUMER)\.(CREATE|DURABLE|DELETE|PURGE|UPDATE|RESTORE|SNAPSHOT|MSG\.DELETE)/.test(
            subject,
          ),
        ),
      ).toEqual([]);
      expect(
        subscribe.filter((subject) => /^(\$(?!KV\.[a-z_]+\.>$)|event\.[^.]*[*>]|rpc\.[*>])/.test(subject)),
      ).toEqual([]);
    },
  );
});
