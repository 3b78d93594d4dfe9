import type { InstanceControl } from './instance-control.ts';
import type { Remedy, RemedyContext } from './remedy.ts';

const TIMEOUT_MS = 3000;

/** Has an instance finish its work and end, so that the platform starts a fresh one. No request is lost by it. */
export class DrainAndExitRemedy implements Remedy {
  readonly name = 'instance.drain-and-exit';
  constructor(private readonly control: InstanceControl) {}

  async apply({ target }: RemedyContext): Promise<string> {
    await this.control.ask('drain', target, TIMEOUT_MS);
    return `${target.process} finishes its work and ends; the platform starts it afresh.`;
  }
}
