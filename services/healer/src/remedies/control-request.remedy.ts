import { type InstanceVerb, REMEDIES, type RemedyName } from '@gridworks/contracts';
import type { InstanceControl } from './instance-control.ts';
import type { Remedy, RemedyContext } from './remedy.ts';

const TIMEOUT_MS = 3000;

/** Remedies that are a control request to the instance. */
export type ControlRemedyName = Extract<RemedyName, `instance.${string}`>;

type Response = Record<string, unknown>;
const list = (before: string, names: unknown): string =>
  Array.isArray(names) && names.length > 0 ? `${before}${names.join(', ')}` : '';

/** The outcome, as the end of a sentence that begins with the name of the process. */
const outcomes: Record<ControlRemedyName, (response: Response) => string> = {
  'instance.reset-connections': ({ reset }) => `opened its connections${list(' to ', reset)} again.`,
  'instance.clear-cache': ({ cleared }) => `cleared its caches${list(': ', cleared)}.`,
  // The instance loses no request.
  'instance.drain-and-exit': () => 'finishes its work and ends; the platform starts it afresh.',
};

/** Sends an instance the control request of the remedy's row. */
export class ControlRequestRemedy implements Remedy {
  readonly #verb: InstanceVerb;

  constructor(
    readonly name: ControlRemedyName,
    private readonly control: InstanceControl,
  ) {
    this.#verb = REMEDIES[name].verb.instance;
  }

  async apply({ target }: RemedyContext): Promise<string> {
    const response = await this.control.send(this.#verb, target, TIMEOUT_MS);
    return `${target.process} ${outcomes[this.name](response)}`;
  }
}
