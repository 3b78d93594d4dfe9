import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { DomainEntity } from './domain.entity.ts';
import type { Domain } from './domain.ts';

const COLUMNS =
  'id, partner_id, domain, token, created_by, created_at, verified_at, last_checked_at, failed_since';
/** SQLSTATE of a violated unique index. */
const TAKEN = '23505';

/** The domains of partners. The partner is part of every condition but that of the daily look. */
@Injectable()
export class DomainRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first. */
  listOf(partnerId: string): Promise<Domain[]> {
    return this.database.read((manager) =>
      manager.query(`select ${COLUMNS} from verified_domains where partner_id = $1 order by id`, [partnerId]),
    );
  }

  async find(partnerId: string, id: string): Promise<Domain | null> {
    const [row] = await this.database.read<Domain[]>((manager) =>
      manager.query(`select ${COLUMNS} from verified_domains where id = $1 and partner_id = $2`, [
        id,
        partnerId,
      ]),
    );
    return row ?? null;
  }

  /** Whether the partner owns a domain now. Its subdomains are domains of their own. `domain` in lower case. */
  async isVerified(partnerId: string, domain: string): Promise<boolean> {
    const rows = await this.database.read<unknown[]>((manager) =>
      manager.query(
        'select 1 from verified_domains where partner_id = $1 and domain = $2 and verified_at is not null',
        [partnerId, domain],
      ),
    );
    return rows.length > 0;
  }

  /** The partner that owns a domain now; null for nobody. `domain` in lower case. For log-ins, which know no partner yet. */
  async ownerOf(domain: string): Promise<string | null> {
    const [row] = await this.database.read<{ partner_id: string }[]>((manager) =>
      manager.query('select partner_id from verified_domains where domain = $1 and verified_at is not null', [
        domain,
      ]),
    );
    return row?.partner_id ?? null;
  }

  /** Locks the partner, so that its domains are counted one after another. */
  async count(tx: Transaction, partnerId: string): Promise<number> {
    await tx.manager.query('select 1 from partners where id = $1 for no key update', [partnerId]);
    return tx.manager.countBy(DomainEntity, { partner_id: partnerId });
  }

  /** Returns false and stores nothing when the partner has the domain already. */
  async insertUnlessListed(tx: Transaction, row: Domain): Promise<boolean> {
    const rows = await tx.manager.query<unknown[]>(
      `insert into verified_domains (id, partner_id, domain, token, created_by, created_at)
       values ($1, $2, $3, $4, $5, $6) on conflict (partner_id, domain) do nothing returning id`,
      [row.id, row.partner_id, row.domain, row.token, row.created_by, row.created_at],
    );
    return rows.length === 1;
  }

  /** Locks a domain until the transaction ends. Null when the partner has no such one. */
  async hold(tx: Transaction, partnerId: string, id: string): Promise<Domain | null> {
    const [row] = await tx.manager.query<Domain[]>(
      `select ${COLUMNS} from verified_domains where id = $1 and partner_id = $2 for update`,
      [id, partnerId],
    );
    return row ?? null;
  }

  /**
   * Stores what a look at the DNS found about a domain that the transaction holds. Throws the database's error when
   * another partner owns the domain: see `isTaken`.
   */
  async settle(tx: Transaction, row: Domain): Promise<void> {
    const { verified_at, last_checked_at, failed_since } = row;
    await tx.manager.update(DomainEntity, { id: row.id }, { verified_at, last_checked_at, failed_since });
  }

  /** Removes a domain, and returns it as it was. Null when the partner has no such one. */
  async take(tx: Transaction, partnerId: string, id: string): Promise<Domain | null> {
    const [rows] = await tx.manager.query<[Domain[], number]>(
      `delete from verified_domains where id = $1 and partner_id = $2 returning ${COLUMNS}`,
      [id, partnerId],
    );
    return rows[0] ?? null;
  }

  /** Verified domains of all partners that nobody has looked at since this time, at most 100. */
  due(before: Date): Promise<Domain[]> {
    return this.database.read((manager) =>
      manager.query(
        `select ${COLUMNS} from verified_domains
         where verified_at is not null and last_checked_at < $1 order by last_checked_at limit 100`,
        [before],
      ),
    );
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

/** Whether a domain could not be verified since another partner owns it: one index decides, also between two at a time. */
export function isTaken(error: unknown): boolean {
  const { driverError } = Object(error) as { driverError?: { code?: unknown; constraint?: unknown } };
  return driverError?.code === TAKEN && driverError.constraint === 'verified_domains_owner_key';
}
