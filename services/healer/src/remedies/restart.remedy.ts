import { describeTrouble } from '../incidents/describe.ts';
import type { Platform } from '../platform/platform.ts';
import type { Remedy, RemedyContext } from './remedy.ts';

/** Kills the whole process tree, frozen or not, and starts it again. */
export class RestartRemedy implements Remedy {
  readonly name = 'platform.restart';
  constructor(private readonly platform: Platform) {}

  async apply({ actionId, epoch, signal, target }: RemedyContext): Promise<string> {
    const began = performance.now();
    const reason = describeTrouble(signal, target);
    const { pid } = await this.platform.restart(target.process, { operationId: actionId, epoch, reason });
    const took = Math.round(performance.now() - began);
    return `The platform killed ${target.process} and started it again${pid ? ` as process ${pid}` : ''} in ${took} ms.`;
  }
}
