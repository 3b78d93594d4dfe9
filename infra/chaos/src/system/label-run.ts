import { experimentLabel } from '@gridworks/contracts';
import type { PortalClient } from './portal-client.ts';

/**
 * Labels the time of the run as an experiment: the healer acts as always, and incidents carry the label.
 * `seconds`: how long the run may take.
 */
export async function labelRun(
  client: PortalClient,
  admin: string,
  experiment: string,
  target: string | undefined,
  seconds: number,
): Promise<{ remove: () => Promise<void> }> {
  const reason = experimentLabel(experiment, target);
  const { id } = await client.get<{ id: string }>('/v1/admin/pauses', {
    method: 'POST',
    token: admin,
    body: { effect: 'label', scope: 'all', reason, seconds: seconds + 60 },
  });
  const remove = async () => {
    await client.call(`/v1/admin/pauses/${id}`, { method: 'DELETE', token: admin }).catch(() => undefined);
  };
  return { remove };
}
