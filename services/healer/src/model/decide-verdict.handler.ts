import { HandleRequest } from '@gridworks/bus';
import {
  actorOf,
  decideVerdict,
  type ParsedInputOf,
  type Verdict,
  verdictChanged,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { ModelTrials } from '../patterns/model-trials.ts';
import { HealingEventPublisher } from '../state/healing-event-publisher.ts';
import { VerdictRepository } from './verdict.repository.ts';

@Controller()
export class DecideVerdictHandler {
  constructor(
    private readonly verdicts: VerdictRepository,
    private readonly trials: ModelTrials,
    private readonly publisher: HealingEventPublisher,
  ) {}

  /**
   * Stores who decided. The trial begins in the transaction of the decision, so that neither exists without
   * the other.
   */
  @HandleRequest(decideVerdict)
  async handle({ id, decision }: ParsedInputOf<typeof decideVerdict>, call: CallContext): Promise<Verdict> {
    const by = actorOf(call);
    if (decision === 'reject')
      return this.#announce(await this.verdicts.decide(id, 'rejected', by, async () => undefined));
    const decided = await this.verdicts.decide(id, 'trial', by, (tx, verdict) => {
      const { evidence, fingerprint, kind, root_cause, service, source, strategy } = verdict;
      const example = evidence[0] ?? root_cause;
      return this.trials.startTrial({ fingerprint, strategy, service, source, kind, example }, tx);
    });
    this.trials.announce();
    return this.#announce(decided);
  }

  #announce(verdict: Verdict): Verdict {
    this.publisher.publish(verdictChanged, { id: verdict.id, state: verdict.state });
    return verdict;
  }
}
