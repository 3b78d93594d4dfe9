import { setTimeout as sleep } from 'node:timers/promises';
import { describeTrouble } from '../incidents/describe.ts';
import type { Platform } from '../platform/platform.ts';
import type { Remedy, RemedyContext } from './remedy.ts';

/** How long a process may boot before it counts as hanging. The slowest boot seen was 17 s. */
const BOOT_PATIENCE_MS = 30_000;
const POLL_MS = 100;

/**
 * Kills the whole process tree, frozen or not, and starts it again. When the platform is starting the process
 * already, the remedy waits instead: a booting process does not respond, and to kill it would only make the
 * outage longer.
 */
export class RestartRemedy implements Remedy {
  readonly name = 'platform.restart';

  /** @param bootPatienceMs after this time a process that is still starting is restarted all the same */
  constructor(
    private readonly platform: Platform,
    private readonly bootPatienceMs = BOOT_PATIENCE_MS,
  ) {}

  async apply({ actionId, epoch, signal, target, abort }: RemedyContext): Promise<string> {
    const began = performance.now();
    const took = () => Math.round(performance.now() - began);
    if (await this.#bootsAndRuns(target.process, abort))
      return `The platform was starting ${target.process} already; it runs again after ${took()} ms and was not killed.`;
    const reason = describeTrouble(signal, target);
    const { pid } = await this.platform.restart(target.process, { operationId: actionId, epoch, reason });
    return `The platform killed ${target.process} and started it again${pid ? ` as process ${pid}` : ''} in ${took()} ms.`;
  }

  /**
   * Waits for a process that is being started. False when it was not being started, or was not up in time.
   */
  async #bootsAndRuns(process: string, abort: AbortSignal): Promise<boolean> {
    const end = performance.now() + this.bootPatienceMs;
    for (let seenStarting = false; ; seenStarting = true) {
      const found = (await this.platform.list()).find(({ name }) => name === process);
      if (found?.state !== 'starting') return seenStarting && found?.state === 'running';
      if (performance.now() >= end) return false;
      await sleep(POLL_MS, undefined, { signal: abort });
    }
  }
}
