import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  actorOf,
  type OutputOf,
  PARTNER_NOT_FOUND,
  type ParsedInputOf,
  partnerResumed,
  partnerSuspended,
  resumePartner,
  type Suspension,
  SYNTHETIC_PARTNER_ID,
  suspendPartner,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { SuspensionRepository } from './suspension.repository.ts';

/** Suspends and resumes partners. The entries are in the chain of the partner, who can read the reasons. */
@Controller()
export class SuspendPartnerHandler {
  constructor(
    private readonly database: Database,
    private readonly suspensions: SuspensionRepository,
  ) {}

  @HandleRequest(suspendPartner)
  suspend(
    { id, reason }: ParsedInputOf<typeof suspendPartner>,
    call: CallContext,
  ): Promise<OutputOf<typeof suspendPartner>> {
    return this.database.transaction(async (tx) => {
      const known = await this.#hold(tx, id);
      if (known) {
        noteAct({ isRepeat: true });
        return stateOf(id, known);
      }
      const [by, at] = [actorOf(call), new Date()];
      await this.suspensions.begin(tx, id, reason, by, at);
      const suspended_at = at.toISOString();
      tx.emit(partnerSuspended, { partner_id: id, at: suspended_at }, { partnerId: id });
      return stateOf(id, { reason, suspended_by: by, suspended_at });
    });
  }

  @HandleRequest(resumePartner)
  resume({ id }: ParsedInputOf<typeof resumePartner>): Promise<OutputOf<typeof resumePartner>> {
    return this.database.transaction(async (tx) => {
      const known = await this.#hold(tx, id);
      if (!known) {
        noteAct({ isRepeat: true });
        return stateOf(id, null);
      }
      noteAct({ before: { ...known } });
      await this.suspensions.end(tx, id);
      tx.emit(partnerResumed, { partner_id: id, at: new Date().toISOString() }, { partnerId: id });
      return stateOf(id, null);
    });
  }

  async #hold(tx: Transaction, id: string): Promise<Suspension | null> {
    noteAct({ partner_id: id });
    // Monitor could no longer see whether the portal works.
    const held = await this.suspensions.hold(tx, id, SYNTHETIC_PARTNER_ID);
    if (!held) throw new AppError(PARTNER_NOT_FOUND);
    return held.suspension;
  }
}

const stateOf = (id: string, suspension: Suspension | null): OutputOf<typeof suspendPartner> => ({
  object: 'partner_state',
  id,
  suspension,
});
