import type { EventContract } from '@gridworks/contracts';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';

/** What a piece of work gets: everything it does through it is kept together or not at all. */
export interface Transaction {
  readonly manager: EntityManager;
  /**
   * Says that something happened. The event is stored with the change and sent after the commit; it is lost only
   * with the change. Throws at once when the payload does not fit the contract.
   */
  emit<C extends EventContract>(
    contract: C,
    payload: z.input<C['payload']>,
    options?: { partnerId?: string },
  ): void;
}

export interface TransactionOptions {
  /** Default: PostgreSQL's, which is READ COMMITTED. */
  readonly isolation?: 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';
}
