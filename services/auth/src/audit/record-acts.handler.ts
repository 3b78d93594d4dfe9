import { type BusEvent, HandleEvents } from '@gridworks/bus';
import { type Act, actRecorded, SYNTHETIC_PARTNER_ID } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { AuditChain } from './audit-chain.ts';
import { AuditHeads } from './audit-heads.ts';

/** Writers of one chain wait for each other: more of them would only hold connections. */
const OPTIONS = { concurrency: 4 };

/** Appends what the services did, each act once. */
@Controller()
export class RecordActsHandler {
  constructor(
    private readonly database: Database,
    private readonly chain: AuditChain,
    private readonly heads: AuditHeads,
  ) {}

  @HandleEvents(Object.values(actRecorded), OPTIONS)
  async record(act: Act, event: BusEvent<Act>): Promise<void> {
    // What monitor does all the time to see whether the portal works is nobody's act.
    if (act.partner_id === SYNTHETIC_PARTNER_ID) return;
    let committed = () => undefined as unknown;
    const taken = await this.database.once(event, `auth_record-${act.service}-acts`, async (tx) => {
      committed = await this.chain.append(tx, act);
    });
    if (taken === 'duplicate') return;
    committed();
    this.heads.wake();
  }
}
