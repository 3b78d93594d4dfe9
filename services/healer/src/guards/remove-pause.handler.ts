import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  PAUSE_NOT_FOUND,
  type ParsedInputOf,
  type Pause,
  pauseChanged,
  removePause,
} from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { HealingEventPublisher } from '../state/healing-event-publisher.ts';
import { ActLedgerRepository } from './act-ledger.repository.ts';
import { FLEET_BREAKER } from './fleet-breaker.ts';
import { PauseRepository } from './pause.repository.ts';

/** Removing the pause of the fleet breaker closes the breaker. */
@Controller()
export class RemovePauseHandler {
  constructor(
    private readonly pauses: PauseRepository,
    private readonly ledger: ActLedgerRepository,
    private readonly publisher: HealingEventPublisher,
  ) {}

  @HandleRequest(removePause)
  async handle({ id }: ParsedInputOf<typeof removePause>): Promise<Pause> {
    const removed = await this.pauses.remove(id);
    if (!removed) throw new AppError(PAUSE_NOT_FOUND);
    if (removed.created_by === FLEET_BREAKER) await this.ledger.closeBreaker();
    this.publisher.publish(pauseChanged, { id: removed.id, change: 'ended' });
    return removed;
  }
}
