import { credentialDigest, newLinkToken, type Page, pageOf } from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { InvitationEntity } from './invitation.entity.ts';
import type { Invitation, InvitationRow } from './invitation.ts';

const COLUMNS = `id, list, partner_id, email, role, role_id, invited_by, created_at, expires_at, digest, sent_at,
  ended_at, accepted_by, role_name, permissions, partner_name, invited_by_email`;
const SOURCE = `(
  select i.*, r.name as role_name, r.permissions, p.name as partner_name, u.email as invited_by_email
  from invitations i join users u on u.id = i.invited_by
    left join roles r on r.id = i.role_id left join partners p on p.id = i.partner_id
  where i.ended_at is null) invitations`;

/** Open invitations, by the list that they are in: that of a partner, or that of GridWorks. */
@Injectable()
export class InvitationRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async page(list: string, query: ListPageQuery): Promise<Page<InvitationRow>> {
    const source = { table: 'invitations', columns: COLUMNS, from: SOURCE, list: { list } };
    const rows = await this.database.read((manager) => readListPage<InvitationRow>(manager, source, query));
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /** Returns false and stores nothing when the address has an open invitation in the list. */
  async insertUnlessInvited(tx: Transaction, invitation: Invitation): Promise<boolean> {
    const { list, partner_id, email, role, role_id, invited_by, created_at, expires_at } = invitation;
    const rows = await tx.manager.query<unknown[]>(
      `insert into invitations (id, list, partner_id, email, role, role_id, invited_by, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (list, lower(email)) where ended_at is null do nothing returning id`,
      [invitation.id, list, partner_id, email, role, role_id, invited_by, created_at, expires_at],
    );
    return rows.length === 1;
  }

  /** Locks an open invitation. Null when the list has no such one. */
  async hold(tx: Transaction, list: string, id: string): Promise<InvitationRow | null> {
    await tx.manager.query('select 1 from invitations where id = $1 for update', [id]);
    const [row] = await tx.manager.query<InvitationRow[]>(
      `select ${COLUMNS} from ${SOURCE} where id = $1 and list = $2`,
      [id, list],
    );
    return row ?? null;
  }

  /** Null for a secret that is wrong, was replaced or has expired, or whose invitation was accepted or revoked. */
  async findByToken(token: string, now: Date): Promise<InvitationRow | null> {
    const [row] = await this.database.read<InvitationRow[]>((manager) =>
      manager.query(`select ${COLUMNS} from ${SOURCE} where digest = $1 and expires_at > $2`, [
        credentialDigest(token),
        now,
      ]),
    );
    return row ?? null;
  }

  /** Accepts the invitation of a secret. Returns false when it was ended or replaced in the meantime. */
  async accept(tx: Transaction, { id, digest }: Invitation, userId: string, at: Date): Promise<boolean> {
    const [accepted] = await tx.manager.query<[unknown[], number]>(
      `update invitations set ended_at = $3, accepted_by = $4, digest = null
       where id = $1 and digest = $2 and ended_at is null and expires_at > $3 returning id`,
      [id, digest, at, userId],
    );
    return accepted.length === 1;
  }

  /** The link of the newest mail stops working, and gets another term. */
  async prolong(tx: Transaction, id: string, expiresAt: Date): Promise<void> {
    await tx.manager.update(InvitationEntity, { id }, { expires_at: expiresAt, digest: null, sent_at: null });
  }

  async revoke(tx: Transaction, id: string, at: Date): Promise<void> {
    await tx.manager.update(InvitationEntity, { id }, { ended_at: at, digest: null });
  }

  /** Makes the secret of a mail. Null when the invitation was ended or has expired. */
  async renewToken(tx: Transaction, id: string): Promise<{ token: string; letter: InvitationRow } | null> {
    const token = newLinkToken();
    await tx.manager.query(
      'update invitations set digest = $2 where id = $1 and ended_at is null and expires_at > now()',
      [id, credentialDigest(token)],
    );
    const [letter] = await tx.manager.query<InvitationRow[]>(
      `select ${COLUMNS} from ${SOURCE} where id = $1 and digest = $2`,
      [id, credentialDigest(token)],
    );
    return letter ? { token, letter } : null;
  }

  async markSent(tx: Transaction, id: string, at: Date): Promise<void> {
    await tx.manager.update(InvitationEntity, { id }, { sent_at: at });
  }
}
