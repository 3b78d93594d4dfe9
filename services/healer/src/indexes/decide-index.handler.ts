import { HandleRequest } from '@gridworks/bus';
import {
  actorOf,
  approveIndex,
  dismissIndex,
  dropIndex,
  type IndexSuggestion,
  type ParsedInputOf,
} from '@gridworks/contracts';
import type { CallContext, Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { IndexSuggestionRepository } from './index-suggestion.repository.ts';
import { IndexWorker } from './index-worker.ts';

/** Stores what was decided about an index; it is built or dropped in the background, so that no process can lose it. */
@Controller()
export class DecideIndexHandler {
  constructor(
    private readonly suggestions: IndexSuggestionRepository,
    private readonly worker: IndexWorker,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleRequest(approveIndex)
  approve(input: ParsedInputOf<typeof approveIndex>, call: CallContext): Promise<IndexSuggestion> {
    return this.#decide('approve', input, call);
  }

  @HandleRequest(dismissIndex)
  dismiss(input: ParsedInputOf<typeof dismissIndex>, call: CallContext): Promise<IndexSuggestion> {
    return this.#decide('dismiss', input, call);
  }

  @HandleRequest(dropIndex)
  drop(input: ParsedInputOf<typeof dropIndex>, call: CallContext): Promise<IndexSuggestion> {
    return this.#decide('drop', input, call);
  }

  async #decide(
    decision: 'approve' | 'dismiss' | 'drop',
    { id, reason }: { id: string; reason: string },
    call: CallContext,
  ): Promise<IndexSuggestion> {
    const decided = await this.suggestions.decide(decision, id, actorOf(call), reason);
    this.logger.log('index.decided', { decision, by: actorOf(call), index: decided.index, reason });
    this.worker.nudge();
    return decided;
  }
}
