import type { Remedy, RemedyContext } from './remedy.ts';

/** Does nothing: the verification that follows shows whether the target recovers by itself. */
export class ObserveOnlyRemedy implements Remedy {
  readonly name = 'observe-only';

  async apply({ target }: RemedyContext): Promise<string> {
    return `Nothing was done to ${target.process} yet; it may recover by itself.`;
  }
}
