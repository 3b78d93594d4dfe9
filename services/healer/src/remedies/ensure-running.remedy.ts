import { setTimeout as sleep } from 'node:timers/promises';
import { describeTrouble } from '../incidents/describe.ts';
import type { Platform, PlatformProcess } from '../platform/platform.ts';
import type { Remedy, RemedyContext } from './remedy.ts';

/** The supervisor's longest pause between two starts is 5 s. */
const PATIENCE_MS = 6000;
const POLL_MS = 50;

/**
 * Checks whether the platform has restarted the process, waits for it, and starts it when the platform does
 * not.
 */
export class EnsureRunningRemedy implements Remedy {
  readonly name = 'platform.ensure-running';
  constructor(private readonly platform: Platform) {}

  async apply({ actionId, epoch, signal, target, abort }: RemedyContext): Promise<string> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const process = (await this.platform.list()).find(({ name }) => name === target.process);
      if (!process) throw new Error(`the platform knows no process ${target.process}`);
      if (process.state === 'running') return `The platform had started ${describe(process)}.`;
      const givenUp = process.state === 'stopped' || process.state === 'crash-loop';
      if (givenUp || performance.now() >= end) {
        const reason = describeTrouble(signal, target);
        const started = await this.platform.start(target.process, { operationId: actionId, epoch, reason });
        return `The platform had left ${target.process} ${process.state}; the healer requested a start: ${describe(started)}.`;
      }
      await sleep(POLL_MS, undefined, { signal: abort });
    }
  }
}

function describe({ name, pid, restarts, last_exit }: PlatformProcess): string {
  const how = last_exit?.signal ?? (last_exit?.code == null ? null : `status ${last_exit.code}`);
  const facts = [`restart ${restarts}`, ...(how ? [`it had ended with ${how}`] : [])];
  return `${name} again${pid ? ` as process ${pid}` : ''} (${facts.join(', ')})`;
}
