import { AppError, newId, PAYMENT_NOT_FOUND, PAYMENT_OPEN, type Page, pageOf } from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { OPEN_STATES } from '../states/payment-states.ts';
import { ATTEMPT_COLUMNS, type AttemptRow, type PaymentAttempt, toAttempt } from './payment-attempt.ts';

/** What a new attempt is made of. */
export type NewAttempt = Pick<PaymentAttempt, 'partnerId' | 'invoiceId' | 'kind' | 'amount' | 'currency'> &
  Partial<
    Pick<
      PaymentAttempt,
      'provider' | 'methodId' | 'refunds' | 'reference' | 'isPayerPresent' | 'state' | 'settledAt'
    >
  >;

/** What changes of an attempt. `nextLookAt`: when somebody must look at it again; null: nobody must. */
export type AttemptChange = Pick<PaymentAttempt, 'state'> & { readonly nextLookAt: Date | null } & Partial<
    Pick<PaymentAttempt, 'providerId' | 'code' | 'actionUrl' | 'submittedAt' | 'settledAt'>
  >;

@Injectable()
export class PaymentAttemptRepository {
  constructor(private readonly database: Database) {}

  /**
   * Stores an attempt, which is due at once. The caller has locked the invoice. Throws `BILLING.PAYMENT_OPEN` while another one is open.
   */
  async insert(tx: Transaction, attempt: NewAttempt, now: Date): Promise<PaymentAttempt> {
    const { state = 'created', settledAt = null } = attempt;
    const open = await this.findOpen(tx, attempt.invoiceId);
    if (open && state === 'created')
      throw new AppError(PAYMENT_OPEN, { details: { payment_id: open.id, status: open.state } });
    const [row] = await tx.prepared<AttemptRow>(
      `insert into payment_attempts (id, partner_id, invoice_id, kind, state, amount, currency, provider, method_id, refunds, reference,
         is_payer_present, created_at, settled_at, next_look_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, case when $5 = 'created' then $13::timestamptz end)
       returning ${ATTEMPT_COLUMNS}`,
      [
        ...[
          newId('payment'),
          attempt.partnerId,
          attempt.invoiceId,
          attempt.kind,
          state,
          attempt.amount.toString(),
        ],
        ...[attempt.currency, attempt.provider ?? null, attempt.methodId ?? null, attempt.refunds ?? null],
        ...[attempt.reference ?? null, attempt.isPayerPresent ?? false, now, settledAt],
      ],
    );
    return toAttempt(row as AttemptRow);
  }

  /** The attempt that locks an invoice. */
  async findOpen(tx: Transaction, invoiceId: string): Promise<PaymentAttempt | null> {
    const [row] = await tx.prepared<AttemptRow>(
      `select ${ATTEMPT_COLUMNS} from payment_attempts where invoice_id = $1 and state = any ($2)`,
      [invoiceId, OPEN_STATES],
    );
    return row ? toAttempt(row) : null;
  }

  async hasTransfer(tx: Transaction, invoiceId: string, reference: string): Promise<boolean> {
    const rows = await tx.prepared(
      `select 1 from payment_attempts where invoice_id = $1 and reference = $2 and kind = 'transfer'`,
      [invoiceId, reference],
    );
    return rows.length > 0;
  }

  /** What has been paid back of a charge, in minor units. */
  async refundedOf(tx: Transaction, id: string): Promise<bigint> {
    const [row] = await tx.prepared<{ sum: string }>(
      `select coalesce(sum(amount), 0)::text as sum from payment_attempts where refunds = $1 and state = 'succeeded'`,
      [id],
    );
    return BigInt(row?.sum ?? 0);
  }

  /** The last charge of an invoice that failed. */
  async lastFailure(tx: Transaction, invoiceId: string): Promise<PaymentAttempt | null> {
    const [row] = await tx.prepared<AttemptRow>(
      `select ${ATTEMPT_COLUMNS} from payment_attempts
       where invoice_id = $1 and kind = 'charge' and state = 'failed' order by id desc limit 1`,
      [invoiceId],
    );
    return row ? toAttempt(row) : null;
  }

  /** The attempt, locked. Its invoice is locked already. */
  async hold(tx: Transaction, id: string): Promise<PaymentAttempt> {
    const [row] = await tx.prepared<AttemptRow>(
      `select ${ATTEMPT_COLUMNS} from payment_attempts where id = $1 for update`,
      [id],
    );
    return found(row);
  }

  async change(tx: Transaction, attempt: PaymentAttempt, change: AttemptChange): Promise<PaymentAttempt> {
    const { state, providerId, code, actionUrl, submittedAt, settledAt } = { ...attempt, ...change };
    const [row] = await tx.prepared<AttemptRow>(
      `update payment_attempts set state = $2, provider_id = $3, code = $4, action_url = $5, submitted_at = $6,
         settled_at = $7, next_look_at = $8
       where id = $1 returning ${ATTEMPT_COLUMNS}`,
      [attempt.id, state, providerId, code, actionUrl, submittedAt, settledAt, change.nextLookAt],
    );
    return found(row);
  }

  /**
   * Takes an attempt that is due: nobody else takes it before the lease has ended. Null when none is due. A process that dies leaves it
   * to the next one by that.
   */
  async claim(now: Date, leaseMs: number): Promise<PaymentAttempt | null> {
    const rows = await this.database.transaction((tx) =>
      tx.prepared<AttemptRow>(
        `update payment_attempts set next_look_at = $2, looks = looks + 1
         where id = (select id from payment_attempts where next_look_at <= $1
                     order by next_look_at limit 1 for update skip locked)
         returning ${ATTEMPT_COLUMNS}`,
        [now, new Date(now.getTime() + leaseMs)],
      ),
    );
    return rows[0] ? toAttempt(rows[0]) : null;
  }

  /** When the next attempt is due; null when none is. */
  async nextDue(): Promise<Date | null> {
    const [row] = await this.database.read<{ at: Date | null }[]>((manager) =>
      manager.query('select min(next_look_at) as at from payment_attempts where next_look_at is not null'),
    );
    return row?.at ?? null;
  }

  /** Has the attempt looked at now: the provider says that something happened. A final one is left alone. */
  async lookSoon(tx: Transaction, id: string, now: Date): Promise<string | null> {
    const [row] = await tx.prepared<{ partner_id: string }>(
      `update payment_attempts set next_look_at = least(next_look_at, $2)
       where id = $1 and state not in ('created', 'succeeded', 'canceled') returning partner_id`,
      [id, now],
    );
    return row?.partner_id ?? null;
  }

  /** Throws `BILLING.PAYMENT_NOT_FOUND`. */
  async get(partnerId: string, id: string): Promise<PaymentAttempt> {
    const [row] = await this.database.read<AttemptRow[]>((manager) =>
      manager.query(`select ${ATTEMPT_COLUMNS} from payment_attempts where partner_id = $1 and id = $2`, [
        partnerId,
        id,
      ]),
    );
    return found(row);
  }

  /** Of whatever partner: for the service's own work and the platform's people. Throws `BILLING.PAYMENT_NOT_FOUND`. */
  async read(tx: Transaction, id: string): Promise<PaymentAttempt> {
    const [row] = await tx.prepared<AttemptRow>(
      `select ${ATTEMPT_COLUMNS} from payment_attempts where id = $1`,
      [id],
    );
    return found(row);
  }

  /** Of one invoice, newest first. */
  async page(invoiceId: string, query: ListPageQuery): Promise<Page<PaymentAttempt>> {
    const source = { table: 'payment_attempts', columns: ATTEMPT_COLUMNS, list: { invoice_id: invoiceId } };
    const rows = await this.database.read((manager) => readListPage<AttemptRow>(manager, source, query));
    const { data, has_more } = pageOf(rows, query.limit, query.ending_before !== undefined);
    return { data: data.map(toAttempt), has_more };
  }
}

function found(row: AttemptRow | undefined): PaymentAttempt {
  if (!row) throw new AppError(PAYMENT_NOT_FOUND);
  return toAttempt(row);
}
