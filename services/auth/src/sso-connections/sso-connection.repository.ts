import { credentialRevoked, newId } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { SsoConnectionEntity } from './sso-connection.entity.ts';
import type { SsoConnection } from './sso-connection.ts';
import { type SsoIdentity, SsoIdentityEntity } from './sso-identity.entity.ts';

/** SQL: the domain of an address. */
const domainOf = (address: string): string => `split_part(lower(${address}), '@', 2)`;

/** SQL: whether the partner in this column makes persons with this address use single sign-on. */
export const enforcesSso = (partner: string, address: string): string =>
  `exists (select 1 from sso_connections c join verified_domains d on d.partner_id = c.partner_id
     where c.partner_id = ${partner} and c.state = 'enforced' and d.verified_at is not null and d.domain = ${domainOf(address)})`;

type Ended = { readonly id: string; readonly digest: string };

/** The identity providers of partners. The partner is part of every condition but that of a log-in, which knows none yet. */
@Injectable()
export class SsoConnectionRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first. */
  listOf(partnerId: string): Promise<SsoConnection[]> {
    return this.database.read((manager) =>
      manager.find(SsoConnectionEntity, { where: { partner_id: partnerId }, order: { id: 'ASC' } }),
    );
  }

  find(partnerId: string, id: string): Promise<SsoConnection | null> {
    return this.database.read((manager) =>
      manager.findOneBy(SsoConnectionEntity, { id, partner_id: partnerId }),
    );
  }

  /** For a log-in that began with this connection. */
  findById(id: string): Promise<SsoConnection | null> {
    return this.database.read((manager) => manager.findOneBy(SsoConnectionEntity, { id }));
  }

  /** The connection that the persons of a partner log in with: the enforced one, else the one that was tested last. */
  async usedBy(partnerId: string): Promise<SsoConnection | null> {
    const [row] = await this.database.read<SsoConnection[]>((manager) =>
      manager.query(
        `select * from sso_connections where partner_id = $1 and state in ('tested', 'enforced')
         order by state = 'enforced' desc, tested_at desc limit 1`,
        [partnerId],
      ),
    );
    return row ?? null;
  }

  /** Whether a partner makes a person with this address use single sign-on. */
  async isEnforcedFor(partnerId: string, email: string): Promise<boolean> {
    const [row] = await this.database.read<{ enforced: boolean }[]>((manager) =>
      manager.query(`select ${enforcesSso('$1::text', '$2::text')} as enforced`, [partnerId, email]),
    );
    return row?.enforced === true;
  }

  /** Locks the partner, so that its connections are counted one after another. */
  async count(tx: Transaction, partnerId: string): Promise<number> {
    await tx.manager.query('select 1 from partners where id = $1 for no key update', [partnerId]);
    return tx.manager.countBy(SsoConnectionEntity, { partner_id: partnerId });
  }

  async insert(tx: Transaction, row: SsoConnection): Promise<void> {
    await tx.manager.insert(SsoConnectionEntity, row);
  }

  /** Locks a connection until the transaction ends. Null when the partner has no such one. */
  hold(tx: Transaction, partnerId: string, id: string): Promise<SsoConnection | null> {
    return tx.manager.findOne(SsoConnectionEntity, {
      where: { id, partner_id: partnerId },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** Stores changes of a connection that the transaction holds. Returns it as it is then. */
  async change(tx: Transaction, row: SsoConnection, changes: Partial<SsoConnection>): Promise<SsoConnection> {
    await tx.manager.update(SsoConnectionEntity, { id: row.id, partner_id: row.partner_id }, changes);
    return { ...row, ...changes };
  }

  /** Whether another connection of the partner is enforced. */
  async isAnotherEnforced(tx: Transaction, { id, partner_id }: SsoConnection): Promise<boolean> {
    const rows = await tx.manager.query<unknown[]>(
      `select 1 from sso_connections where partner_id = $1 and id <> $2 and state = 'enforced'`,
      [partner_id, id],
    );
    return rows.length > 0;
  }

  /** Removes a connection with what is known of its persons. Their sessions must have ended. */
  async remove(tx: Transaction, { id, partner_id }: SsoConnection): Promise<void> {
    await tx.manager.query('delete from sessions where sso_connection_id = $1 and partner_id = $2', [
      id,
      partner_id,
    ]);
    await tx.manager.delete(SsoIdentityEntity, { connection_id: id, partner_id });
    await tx.manager.delete(SsoConnectionEntity, { id, partner_id });
  }

  /** Ends the sessions that a connection began; returns how many. */
  async endSessions(tx: Transaction, { id, partner_id }: SsoConnection, at: Date): Promise<number> {
    const [ended] = await tx.manager.query<[Ended[], number]>(
      `update sessions set revoked_at = $3
       where sso_connection_id = $1 and partner_id = $2 and revoked_at is null and expires_at > $3
       returning id, digest`,
      [id, partner_id, at],
    );
    return announce(tx, partner_id, ended);
  }

  /**
   * Ends the sessions for the partner that began without single sign-on, of persons of its verified domains. Spared are one
   * session, and owners who have proved a second factor: their way out.
   */
  async endOtherSessions(
    tx: Transaction,
    { partner_id }: SsoConnection,
    spared: string,
    at: Date,
  ): Promise<number> {
    const [ended] = await tx.manager.query<[Ended[], number]>(
      `update sessions s set revoked_at = $3
       from users u, memberships m, verified_domains d
       where s.partner_id = $1 and s.id <> $2 and s.sso_connection_id is null and s.revoked_at is null
         and s.expires_at > $3 and u.id = s.user_id and u.platform_role is null
         and m.partner_id = s.partner_id and m.user_id = s.user_id
         and not (m.role = 'owner' and coalesce(s.methods && array['totp', 'passkey', 'recovery_code'], false))
         and d.partner_id = s.partner_id and d.verified_at is not null and d.domain = ${domainOf('u.email')}
       returning s.id, s.digest`,
      [partner_id, spared, at],
    );
    return announce(tx, partner_id, ended);
  }

  /** Who a person of the provider is here. */
  findIdentity({ id, partner_id }: SsoConnection, subject: string): Promise<SsoIdentity | null> {
    return this.database.read((manager) =>
      manager.findOneBy(SsoIdentityEntity, { connection_id: id, partner_id, subject }),
    );
  }

  /** Stores who a person of the provider is here. Returns false when that is known already. */
  async link(
    tx: Transaction,
    { id, partner_id }: SsoConnection,
    userId: string,
    subject: string,
    at: Date,
  ): Promise<boolean> {
    const rows = await tx.manager.query<unknown[]>(
      `insert into sso_identities (id, partner_id, connection_id, user_id, subject, created_at, last_used_at)
       values ($1, $2, $3, $4, $5, $6, $6) on conflict (connection_id, subject) do nothing returning id`,
      [newId('ssoIdentity'), partner_id, id, userId, subject, at],
    );
    return rows.length === 1;
  }

  /** Records a log-in. */
  async use(tx: Transaction, { id }: SsoIdentity, at: Date): Promise<void> {
    await tx.manager.update(SsoIdentityEntity, { id }, { last_used_at: at });
  }

  /** All connections with a secret, of all partners: to seal them anew. */
  withSecret(): Promise<SsoConnection[]> {
    return this.database.read((manager) =>
      manager.query('select * from sso_connections where secret is not null'),
    );
  }
}

function announce(tx: Transaction, partnerId: string, ended: readonly Ended[]): number {
  for (const session of ended) tx.emit(credentialRevoked, { kind: 'session', ...session }, { partnerId });
  return ended.length;
}
