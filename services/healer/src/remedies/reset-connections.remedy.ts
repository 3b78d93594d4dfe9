import type { InstanceControl } from './instance-control.ts';
import type { Remedy, RemedyContext } from './remedy.ts';

const TIMEOUT_MS = 3000;

/** Has an instance drop all of its connections to servers and make new ones. */
export class ResetConnectionsRemedy implements Remedy {
  readonly name = 'instance.reset-connections';
  constructor(private readonly control: InstanceControl) {}

  async apply({ target }: RemedyContext): Promise<string> {
    const { reset } = await this.control.ask('reset-connections', target, TIMEOUT_MS);
    const names = Array.isArray(reset) && reset.length > 0 ? ` to ${reset.join(', ')}` : '';
    return `${target.process} made its connections${names} anew.`;
  }
}
