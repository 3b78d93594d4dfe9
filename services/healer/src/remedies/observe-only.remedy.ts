import type { Remedy, RemedyContext } from './remedy.ts';

/** Nothing is done: the verification that follows watches whether the patient becomes well by itself. */
export class ObserveOnlyRemedy implements Remedy {
  readonly name = 'observe-only';

  async apply({ target }: RemedyContext): Promise<string> {
    return `Nothing was done yet to ${target.process}; watching whether it becomes well by itself.`;
  }
}
