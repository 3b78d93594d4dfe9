import type { EventContract } from '@gridworks/contracts';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';

/** The interface for a piece of work: everything it does through it is committed together or not at all. */
export interface Transaction {
  readonly manager: EntityManager;
  /**
   * Runs a statement that PostgreSQL parses and plans once for each connection, and returns its rows. For a large
   * statement that runs many times a second; planning one may take as long as running it.
   */
  prepared<R>(sql: string, values: readonly unknown[]): Promise<R[]>;
  /**
   * Emits an event. The event is stored with the change and published after the commit; it is lost only with
   * the change. Throws at once when the payload does not fit the contract. `id`: of the event, a new one by default.
   */
  emit<C extends EventContract>(
    contract: C,
    payload: z.input<C['payload']>,
    options?: { partnerId?: string; id?: string },
  ): void;
}

export interface TransactionOptions {
  /** Default: PostgreSQL's, which is READ COMMITTED. */
  readonly isolation?: 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';
}
