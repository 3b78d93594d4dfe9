import type { Remedy, RemedyContext } from './remedy.ts';

/** Does nothing: the verification that follows shows whether the target recovers by itself. */
export class ObserveOnlyRemedy implements Remedy {
  readonly name = 'observe-only';

  async apply({ target }: RemedyContext): Promise<string> {
    return `Nothing was done yet to ${target.process}; watching whether it becomes well by itself.`;
  }
}
