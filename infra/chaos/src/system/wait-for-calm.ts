import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '@gridworks/contracts';
import type { PortalClient } from './portal-client.ts';

/** The portal is unhealthy even without an injected fault. */
export class UnhealthyError extends Error {
  override readonly name = 'UnhealthyError';
  readonly code = 'NOT_WELL';
}

const CALM_MS = 16_000;
const CALM_LIMIT_MS = 120_000;

/**
 * Without calm, another fault's incident would be taken for this one's, and a repeated fault would reopen the
 * old incident: the healer's recurrence window is 10 s, its cooldown 15 s.
 */
export async function waitForCalm(
  client: PortalClient,
  admin: string,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const agitated = async () => {
    const path = '/v1/admin/incidents?limit=20';
    const { data } = await client.get<{ data: Incident[] }>(path, { token: admin });
    return data.some(({ status, resolved_at }) => {
      if (resolved_at === null) return status !== 'escalated';
      return Date.now() - Date.parse(resolved_at) < CALM_MS;
    });
  };
  if (await agitated()) say(`waiting until the last incident is over for ${CALM_MS / 1000} s`);
  for (const until = Date.now() + CALM_LIMIT_MS; await agitated(); await sleep(500, undefined, { signal })) {
    if (Date.now() > until)
      throw new UnhealthyError('an incident is open and does not end: see /v1/admin/incidents');
  }
}
