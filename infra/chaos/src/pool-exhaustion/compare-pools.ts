import { logIn } from '../requests/probe-partner.ts';
import { labelRun } from '../system/label-run.ts';
import { PortalClient } from '../system/portal-client.ts';
import type { RunningSystem } from '../system/running-system.ts';
import { waitForCalm } from '../system/wait-for-calm.ts';
import { POOL_EXHAUSTION, runWithoutPrevention } from './pool-exhaustion.ts';

/** How long the incidents of the run without prevention may take to end. Seconds. */
const SECONDS = 120;

/** Runs the load of the experiment without prevention, from calm to the end of the load. Resolves with its figures. */
export async function comparePools(
  system: RunningSystem,
  instance: string,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<string[]> {
  system.assertUp();
  const client = new PortalClient(system.url, 512);
  try {
    const admin = await logIn(client, system.admin.email, system.admin.password);
    await waitForCalm(client, admin, say, signal);
    const label = await labelRun(client, admin, POOL_EXHAUSTION, instance, SECONDS);
    try {
      say('first without prevention: every query gets a connection in the order in which it comes');
      return await runWithoutPrevention(system, client, admin, instance);
    } finally {
      await label.remove();
    }
  } finally {
    client.close();
  }
}
