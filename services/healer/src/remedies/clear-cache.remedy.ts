import type { InstanceControl } from './instance-control.ts';
import type { Remedy, RemedyContext } from './remedy.ts';

const TIMEOUT_MS = 3000;

/** Has an instance forget what it remembers. */
export class ClearCacheRemedy implements Remedy {
  readonly name = 'instance.clear-cache';
  constructor(private readonly control: InstanceControl) {}

  async apply({ target }: RemedyContext): Promise<string> {
    const { cleared } = await this.control.ask('clear-cache', target, TIMEOUT_MS);
    const names = Array.isArray(cleared) && cleared.length > 0 ? `: ${cleared.join(', ')}` : '';
    return `${target.process} cleared its caches${names}.`;
  }
}
