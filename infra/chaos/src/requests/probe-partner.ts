import { randomBytes } from 'node:crypto';
import type { PortalClient } from '../system/portal-client.ts';
import type { RunningSystem } from '../system/running-system.ts';
import { liftLimits } from './lift-limits.ts';

/** A partner that exists for one run. */
export interface ProbePartner {
  readonly partnerId: string;
  /** Its owner. */
  readonly email: string;
  readonly password: string;
  readonly session: string;
  readonly keys: readonly string[];
}

/** Registers a partner with an owner, whose calls no plan limits, logs in, and makes API keys. */
export async function registerProbePartner(
  system: Pick<RunningSystem, 'databaseUrl'>,
  client: PortalClient,
  keyCount = 1,
): Promise<ProbePartner> {
  const owner = {
    email: `chaos-${randomBytes(6).toString('hex')}@example.com`,
    password: randomBytes(15).toString('base64url'),
  };
  const { partner } = await client.get<{ partner: { id: string } }>('/v1/partners', {
    method: 'POST',
    body: { name: 'Chaos probe', ...owner },
    timeoutMs: 10_000,
  });
  await liftLimits(system.databaseUrl, partner.id);
  const session = await logIn(client, owner.email, owner.password);
  const keys: string[] = [];
  while (keys.length < keyCount) {
    const body = { name: 'probe', mode: 'test' };
    const { key } = await client.get<{ key: string }>('/v1/api-keys', {
      method: 'POST',
      token: session,
      body,
    });
    keys.push(key);
  }
  return { partnerId: partner.id, ...owner, session, keys };
}

/** Returns the token of a new session. */
export async function logIn(client: PortalClient, email: string, password: string): Promise<string> {
  const session = await client.get<{ token: string }>('/v1/sessions', {
    method: 'POST',
    body: { email, password },
    timeoutMs: 10_000,
  });
  return session.token;
}
