import { noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { KnownNetworkRepository } from '../users/known-network.repository.ts';
import { SessionRepository } from './session.repository.ts';
import type { Session } from './session.ts';

/** Stores the session of a completed log-in. */
@Injectable()
export class OpenSession {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly networks: KnownNetworkRepository,
  ) {}

  /** @param first what else belongs to the log-in, in the same transaction, such as using up its code */
  async open(
    session: Session,
    clientIp: string | undefined,
    first?: (tx: Transaction, at: Date) => Promise<void>,
  ): Promise<void> {
    noteAct({ object_id: session.id, partner_id: session.partner_id });
    await this.database.transaction(async (tx) => {
      await first?.(tx, session.created_at);
      await this.sessions.insert(tx, session);
      await this.networks.remember(tx, session.user_id, clientIp, session.created_at);
    });
  }
}
