import { HandleRequest } from '@gridworks/bus';
import {
  actorOf,
  createPause,
  newId,
  type ParsedInputOf,
  type Pause,
  pauseChanged,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { HealingEventPublisher } from '../state/healing-event-publisher.ts';
import { PauseRepository } from './pause.repository.ts';

@Controller()
export class CreatePauseHandler {
  constructor(
    private readonly pauses: PauseRepository,
    private readonly publisher: HealingEventPublisher,
  ) {}

  /** The key of a call is kept beside the pauses, not in PostgreSQL: a pause must be made while that is away, too. */
  @HandleRequest(createPause)
  async handle(input: ParsedInputOf<typeof createPause>, call: CallContext): Promise<Pause> {
    const now = Date.now();
    const asked: Pause = {
      object: 'pause',
      id: newId('pause', now),
      scope: input.scope,
      effect: input.effect,
      reason: input.reason,
      trains: input.trains,
      created_by: actorOf(call),
      created_at: new Date(now).toISOString(),
      expires_at: new Date(now + input.seconds * 1000).toISOString(),
    };
    const { keyed } = call;
    const { pause, made } = keyed
      ? await this.pauses.addOnce(asked, keyed)
      : { pause: await this.pauses.add(asked), made: true };
    if (keyed) keyed.kept = JSON.stringify(pause);
    if (!made) noteAct({ isRepeat: true });
    if (made) this.publisher.publish(pauseChanged, { id: pause.id, change: 'made' });
    return pause;
  }
}
