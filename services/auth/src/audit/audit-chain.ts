import { type Act, auditAppended, newId, objectKindOf, PLATFORM_CHAIN } from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { AuditPartitions } from './audit-partitions.ts';
import { canonicalText, chainHash } from './chain-hash.ts';

/** Makes the chain when it is new, and holds its row until the transaction ends: one writer after another. */
const HOLD_SQL = `
  insert into audit_chains (id) values ($1) on conflict (id) do update set id = excluded.id
  returning sequence, hash, recorded_at`;
const APPEND_SQL = `
  with appended as (
    insert into audit_entries (chain, sequence, id, recorded_at, entry, previous_hash, hash)
    values ($1, $2, $3, $4, $5, $6, $7))
  update audit_chains set sequence = $2, hash = $7, recorded_at = $4 where id = $1`;

interface Held {
  readonly sequence: string;
  readonly hash: string;
  readonly recorded_at: Date | null;
}

/** Appends entries to the chains of the audit log. */
export class AuditChain {
  readonly #partitions = new AuditPartitions();

  get partitions(): AuditPartitions {
    return this.#partitions;
  }

  /**
   * Appends an act to the chain of its partner, or of the platform. Simultaneous writers of one chain wait for each
   * other, so that sequences have no gaps. Returns what to call once the transaction has committed.
   */
  async append(tx: Transaction, act: Act, now = new Date()): Promise<() => void> {
    const chain = act.partner_id ?? PLATFORM_CHAIN;
    const [held] = await tx.manager.query<Held[]>(HOLD_SQL, [chain]);
    if (!held) throw new Error(`the chain ${chain} was not made`);
    const recordedAt = held.recorded_at && held.recorded_at > now ? held.recorded_at : now;
    const sequence = Number(held.sequence) + 1;
    const id = newId('auditEntry');
    const entry = canonicalText({
      ...act,
      ...{ id, chain, sequence },
      object_kind: objectKindOf(act.action),
      recorded_at: recordedAt.toISOString(),
    });
    const hash = chainHash(held.hash, entry);
    const made = await this.#partitions.make(tx, recordedAt);
    await tx.manager.query(APPEND_SQL, [chain, sequence, id, recordedAt, entry, held.hash, hash]);
    const { action } = act;
    tx.emit(auditAppended, { id, action, chain, sequence, hash, at: recordedAt.toISOString() });
    return made;
  }
}
