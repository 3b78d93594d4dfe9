import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** A key that was found in public for the first time. */
export interface LeakedKey {
  readonly id: string;
  readonly digest: string;
  readonly partner_id: string;
  readonly name: string;
  readonly last4: string;
  /** Whether the key worked until now. */
  readonly was_valid: boolean;
}

@Injectable()
export class LeakedKeyRepository {
  /** Those digests that belong to a key of any partner. */
  async known(tx: Transaction, digests: readonly string[]): Promise<string[]> {
    const rows = await tx.manager.query<{ digest: string }[]>(
      'select digest from api_keys where digest = any($1)',
      [digests],
    );
    return rows.map(({ digest }) => digest);
  }

  /** Marks those keys that were not found before, ends them when `ends` is true, and returns them. */
  async mark(tx: Transaction, digests: readonly string[], at: Date, ends: boolean): Promise<LeakedKey[]> {
    const [marked] = await tx.manager.query<[LeakedKey[], number]>(
      `with found as (
         select id, revoked_at is null and (expires_at is null or expires_at > $2) as was_valid
         from api_keys where digest = any($1) and leaked_at is null order by id for update)
       update api_keys k
       set leaked_at = $2, revoked_at = case when $3 then coalesce(k.revoked_at, $2) else k.revoked_at end
       from found where found.id = k.id
       returning k.id, k.digest, k.partner_id, k.name, k.last4, found.was_valid`,
      [digests, at, ends],
    );
    return marked;
  }

  /** The persons who own a partner. */
  async ownersOf(tx: Transaction, partnerId: string): Promise<string[]> {
    const rows = await tx.manager.query<{ user_id: string }[]>(
      `select user_id from memberships where partner_id = $1 and role = 'owner' order by id`,
      [partnerId],
    );
    return rows.map(({ user_id }) => user_id);
  }
}
