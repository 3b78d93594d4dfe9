import { describeTrouble } from '../incidents/describe.ts';
import type { Platform } from '../platform/platform.ts';
import type { Remedy, RemedyContext } from './remedy.ts';

/**
 * Has the platform start a second process, and end the first when the second is ready. Where the platform or the process
 * does not allow two, it throws, and nothing has happened: the next rung follows.
 */
export class ReplaceRemedy implements Remedy {
  readonly name = 'platform.replace';
  constructor(private readonly platform: Platform) {}

  async apply({ actionId, epoch, signal, target }: RemedyContext): Promise<string> {
    const began = performance.now();
    const reason = describeTrouble(signal, target);
    const { pid } = await this.platform.replace(target.process, { operationId: actionId, epoch, reason });
    const took = Math.round(performance.now() - began);
    return `The platform started ${target.process} a second time${pid ? ` as process ${pid}` : ''}, and had the first process finish its work and end when the second was ready; this took ${took} ms.`;
  }
}
