import {
  AppError,
  CREDIT_GRANT_NOT_FOUND,
  CREDIT_NOT_VOIDABLE,
  newId,
  type Page,
  pageOf,
} from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { LedgerRepository } from '../ledger/ledger.repository.ts';
import type { PostingKind } from '../ledger/postings.ts';
import { smaller } from '../money/money.ts';
import { burnCredits, type CreditGrant } from './burn-order.ts';
import {
  GRANT_COLUMNS,
  type GrantRow,
  MOVEMENT_COLUMNS,
  type MovementKind,
  type MovementRow,
  toGrant,
} from './credit-grant.ts';

export interface NewGrant {
  readonly partnerId: string;
  readonly kind: CreditGrant['kind'];
  readonly currency: string;
  /** Minor units, above 0. */
  readonly amount: bigint;
  readonly expiresAt: Date | null;
  readonly reason: string;
  readonly grantedBy: string | null;
}

/** An invoice for credit. */
export interface TopUp {
  readonly invoiceId: string;
  readonly partnerId: string;
  readonly currency: string;
  /** Minor units, above 0. */
  readonly amount: bigint;
}

/** What an invoice burns. */
export interface DueInvoice {
  readonly id: string;
  readonly partnerId: string;
  readonly currency: string;
  /** Minor units that credits pay. */
  readonly credits: bigint;
}

/** A part of a grant that an invoice has burned. */
interface Burned {
  readonly grantId: string;
  /** Minor units. */
  readonly amount: bigint;
}

interface Movement {
  readonly kind: MovementKind;
  /** Minor units, above 0: the kind says whether they come or go. */
  readonly amount: bigint;
  readonly invoiceId?: string;
  readonly at: Date;
}

/** A credit that comes back is good for so long at least, whatever its end was. */
const RETURNED_DAYS = 30;
const COMES: readonly MovementKind[] = ['granted', 'returned'];

/** Gives, burns and takes back credit. Each movement is a row, a posting and a change of what is left, in the caller's transaction. */
@Injectable()
export class CreditRepository {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerRepository,
  ) {}

  async grant(tx: Transaction, grant: NewGrant, at: Date): Promise<GrantRow> {
    const { partnerId, kind, currency, amount, expiresAt, reason, grantedBy } = grant;
    const [row] = await tx.prepared<GrantRow>(
      `insert into credit_grants (id, partner_id, kind, currency, amount, remaining, granted_at, expires_at, reason, granted_by)
       values ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9) returning ${GRANT_COLUMNS}`,
      [newId('creditGrant'), partnerId, kind, currency, amount.toString(), at, expiresAt, reason, grantedBy],
    );
    return this.#move(tx, row as GrantRow, { kind: 'granted', amount, at });
  }

  /** The credit of a top-up that is paid now. Without effect when it was granted before. */
  async grantTopUp(tx: Transaction, topUp: TopUp, at: Date): Promise<void> {
    const { partnerId, currency, amount, invoiceId } = topUp;
    const [row] = await tx.prepared<GrantRow>(
      `insert into credit_grants (id, partner_id, kind, currency, amount, remaining, granted_at, reason, invoice_id)
       values ($1, $2, 'prepaid', $3, $4, 0, $5, 'Top-up', $6) on conflict (invoice_id) do nothing returning ${GRANT_COLUMNS}`,
      [newId('creditGrant'), partnerId, currency, amount.toString(), at, invoiceId],
    );
    if (row) await this.#move(tx, row, { kind: 'granted', amount, at });
  }

  /** The grants of a partner of which something is left. They are locked, in the order of their ids. */
  async hold(tx: Transaction, partnerId: string): Promise<CreditGrant[]> {
    const rows = await tx.prepared<GrantRow>(
      `select ${GRANT_COLUMNS} from credit_grants where partner_id = $1 and remaining > 0 order by id for update`,
      [partnerId],
    );
    return rows.map(toGrant);
  }

  /** Burns the credits that an invoice shows. The caller has held the grants since it composed the invoice. */
  async burn(tx: Transaction, { id, partnerId, currency, credits }: DueInvoice, at: Date): Promise<void> {
    const { burns, rest } = burnCredits(await this.hold(tx, partnerId), { amount: credits, currency, at });
    if (rest > 0n) throw new Error(`${id} shows ${rest} ${currency} of credits that are not there`);
    for (const { grantId, amount } of burns)
      await this.#move(tx, await this.#lock(tx, grantId), { kind: 'burned', amount, invoiceId: id, at });
  }

  /** Gives back what an invoice has burned that was voided, for 30 days at least. */
  async giveBack(tx: Transaction, invoiceId: string, at: Date): Promise<void> {
    await this.#giveBack(tx, await this.#burned(tx, invoiceId), { by: invoiceId }, at);
  }

  /**
   * Gives back what a credit note leaves with us that credits have paid: at most `amount` minor units, what was burned last first. The
   * caller has locked the invoice.
   */
  async giveBackByNote(
    tx: Transaction,
    {
      invoiceId,
      noteId,
      amount,
    }: { readonly invoiceId: string; readonly noteId: string; readonly amount: bigint },
    at: Date,
  ): Promise<void> {
    let left = amount;
    const shares: Burned[] = [];
    for (const { grantId, amount: burned } of (await this.#burned(tx, invoiceId)).reverse()) {
      const share = smaller(burned, left);
      if (share > 0n) shares.push({ grantId, amount: share });
      left -= share;
    }
    await this.#giveBack(tx, shares, { by: noteId }, at);
  }

  /** Takes back what is left. Throws `BILLING.CREDIT_GRANT_NOT_FOUND`, `BILLING.CREDIT_NOT_VOIDABLE`. */
  async void(tx: Transaction, id: string, at: Date): Promise<GrantRow> {
    const grant = await this.#lock(tx, id);
    const amount = BigInt(grant.remaining);
    if (amount === 0n) throw new AppError(CREDIT_NOT_VOIDABLE);
    await this.#move(tx, grant, { kind: 'voided', amount, at });
    const [row] = await tx.prepared<GrantRow>(
      `update credit_grants set voided_at = $2 where id = $1 returning ${GRANT_COLUMNS}`,
      [id, at],
    );
    return row as GrantRow;
  }

  /** Ends a grant whose time is over; returns what was lost, null when another instance was faster. */
  async expire(tx: Transaction, id: string, at: Date): Promise<bigint | null> {
    const [grant] = await tx.prepared<GrantRow>(
      `select ${GRANT_COLUMNS} from credit_grants where id = $1 and remaining > 0 and expires_at <= $2 for update skip locked`,
      [id, at],
    );
    if (!grant) return null;
    const amount = BigInt(grant.remaining);
    await this.#move(tx, grant, { kind: 'expired', amount, at });
    await tx.prepared('update credit_grants set expired_at = $2 where id = $1', [id, at]);
    return amount;
  }

  /** A grant that ends before `until`, of which nobody was told yet; from now on somebody is. Null when another instance was faster. */
  async tellExpiry(tx: Transaction, id: string, until: Date, at: Date): Promise<GrantRow | null> {
    const [row] = await tx.prepared<GrantRow>(
      `update credit_grants set expiry_told_at = $3
       where id = $1 and remaining > 0 and expires_at <= $2 and expiry_told_at is null returning ${GRANT_COLUMNS}`,
      [id, until, at],
    );
    return row ?? null;
  }

  /** Ids of grants of which something is left and that end until a moment. `isTold`: also those of which people were told. */
  async ending(until: Date, isTold: boolean, limit: number): Promise<string[]> {
    const rows: { id: string }[] = await this.database.read((manager) =>
      manager.query(
        `select id from credit_grants where remaining > 0 and expires_at <= $1 and ($2 or expiry_told_at is null)
         order by expires_at, id limit $3`,
        [until, isTold, limit],
      ),
    );
    return rows.map(({ id }) => id);
  }

  /** What can be burned at a moment. */
  async usable(partnerId: string, at: Date): Promise<CreditGrant[]> {
    const rows: GrantRow[] = await this.database.read((manager) =>
      manager.query(
        `select ${GRANT_COLUMNS} from credit_grants
         where partner_id = $1 and remaining > 0 and (expires_at is null or expires_at > $2)`,
        [partnerId, at],
      ),
    );
    return rows.map(toGrant);
  }

  /** Newest first. */
  async grants(partnerId: string, query: ListPageQuery): Promise<Page<GrantRow>> {
    const source = { table: 'credit_grants', columns: GRANT_COLUMNS, list: { partner_id: partnerId } };
    const rows = await this.database.read((manager) => readListPage<GrantRow>(manager, source, query));
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /** Newest first. */
  async movements(partnerId: string, query: ListPageQuery): Promise<Page<MovementRow>> {
    const source = { table: 'credit_movements', columns: MOVEMENT_COLUMNS, list: { partner_id: partnerId } };
    const rows = await this.database.read((manager) => readListPage<MovementRow>(manager, source, query));
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /** What an invoice has burned and its credit notes have not given back, in the order in which it was burned. */
  async #burned(tx: Transaction, invoiceId: string): Promise<Burned[]> {
    const rows = await tx.prepared<{ grant_id: string; amount: string }>(
      `select burned.grant_id, (-burned.amount - coalesce((
         select sum(back.amount) from credit_movements back join invoices note on note.id = back.invoice_id
         where note.corrects = $1 and back.grant_id = burned.grant_id and back.kind = 'returned'), 0))::text as amount
       from credit_movements burned where burned.invoice_id = $1 and burned.kind = 'burned' order by burned.id`,
      [invoiceId],
    );
    return rows.map(({ grant_id, amount }) => ({ grantId: grant_id, amount: BigInt(amount) }));
  }

  async #giveBack(
    tx: Transaction,
    shares: readonly Burned[],
    { by: invoiceId }: { readonly by: string },
    at: Date,
  ): Promise<void> {
    const until = new Date(at.getTime() + RETURNED_DAYS * 86_400_000);
    // In the order of the ids, as grants are locked everywhere.
    for (const { grantId, amount } of [...shares].sort((a, b) => (a.grantId < b.grantId ? -1 : 1))) {
      const grant = await this.#lock(tx, grantId);
      await tx.prepared(
        `update credit_grants set voided_at = null, expired_at = null,
           expires_at = case when expires_at < $2 then $2 else expires_at end,
           expiry_told_at = case when expires_at > $2 then expiry_told_at end
         where id = $1`,
        [grantId, until],
      );
      await this.#move(tx, grant, { kind: 'returned', amount, invoiceId, at });
    }
  }

  async #lock(tx: Transaction, id: string): Promise<GrantRow> {
    const [row] = await tx.prepared<GrantRow>(
      `select ${GRANT_COLUMNS} from credit_grants where id = $1 for update`,
      [id],
    );
    if (!row) throw new AppError(CREDIT_GRANT_NOT_FOUND);
    return row;
  }

  async #move(tx: Transaction, grant: GrantRow, movement: Movement): Promise<GrantRow> {
    const { kind, amount, invoiceId = null, at } = movement;
    const { id: grantId, partner_id: partnerId, currency } = grant;
    const id = newId('creditMovement');
    const change = (COMES.includes(kind) ? amount : -amount).toString();
    await tx.prepared(
      `insert into credit_movements (id, partner_id, grant_id, kind, amount, currency, invoice_id, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, partnerId, grantId, kind, change, currency, invoiceId, at],
    );
    const [moved] = await tx.prepared<GrantRow>(
      `update credit_grants set remaining = remaining + $2 where id = $1 returning ${GRANT_COLUMNS}`,
      [grantId, change],
    );
    await this.ledger.post(tx, {
      ...{ partnerId, kind: postingOf(grant, kind), reference: id, currency },
      ...{ amounts: { amount }, at },
    });
    return moved as GrantRow;
  }
}

const postingOf = ({ kind, invoice_id }: GrantRow, movement: MovementKind): PostingKind =>
  movement === 'granted' && invoice_id !== null ? 'top_up_credit_granted' : `${kind}_credit_${movement}`;
