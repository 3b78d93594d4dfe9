import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { NatsClient } from '../../infra/chaos/src/attacks/nats-client.ts';
import type { ConsoleUnderTest } from './console-under-test.ts';

export const SUBJECT = 'event.auth.partner.registered';
export const CONSUMER = 'billing_open-account';

/** Publishes events that billing can never process, as auth. Resolves when they are stored. */
export async function publishPoison({ portal }: ConsoleUnderTest, count: number): Promise<void> {
  const secrets = JSON.parse(readFileSync(portal.system.layout.secrets, 'utf8')) as {
    nats_passwords: Record<string, string>;
  };
  const port = portal.system.process('nats')?.ports[0] ?? 0;
  const client = await NatsClient.open(port, 'auth', secrets.nats_passwords.auth ?? '');
  try {
    for (let at = 0; at < count; at++) {
      const event = {
        ...{ specversion: '1.0', id: `evt_${randomUUID()}`, source: '/auth/auth', type: SUBJECT },
        ...{ time: new Date().toISOString(), datacontenttype: 'application/json' },
        data: { partner_id: 'par_unknown', name: 'Ada Energy', contact: 'ada@example.com' },
      };
      const reply = await client.request(SUBJECT, JSON.stringify(event), { 'Nats-Msg-Id': event.id });
      if (!reply.body?.includes('"seq"')) throw new Error(`not stored: ${JSON.stringify(reply)}`);
    }
  } finally {
    client.close();
  }
}
