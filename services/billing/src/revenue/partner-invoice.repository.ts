import {
  AppError,
  INVOICE_NOT_FOUND,
  type listAllInvoices,
  type Page,
  type ParsedInputOf,
  pageOf,
} from '@gridworks/contracts';
import { Database, readListPage } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import {
  INVOICE_COLUMNS,
  type InvoiceRow,
  type StoredInvoice,
  toInvoice,
} from '../invoices/invoice.repository.ts';

/** How an invoice of any partner stands. */
export interface StandingInvoice {
  readonly invoice: StoredInvoice;
  /** Minor units; below 0: what was paid too much. */
  readonly left: bigint;
  readonly dunning: {
    readonly status: 'open' | 'overdue' | 'recovered' | 'closed';
    readonly startedAt: Date;
    readonly nextAt: Date | null;
    readonly failureCode: string | null;
  } | null;
}

interface Row extends InvoiceRow {
  readonly left_to_pay: string;
  readonly dunning_state: NonNullable<StandingInvoice['dunning']>['status'] | null;
  readonly dunning_started_at: Date;
  readonly dunning_next_at: Date | null;
  readonly failure_code: string | null;
}

/** What is left of the invoice `i`, in minor units: what it asked for, without credit notes (less the credit that they gave back) and payments. */
export const LEFT_SQL = `case when i.type = 'invoice' and i.status = 'finalized' then
  (i.document -> 'totals' ->> 'due')::bigint
  - (select coalesce(sum(n.total), 0) from invoices n
     where n.partner_id = i.partner_id and n.corrects = i.id and n.status = 'finalized')
  + (select coalesce(sum(m.amount), 0) from credit_movements m join invoices n on n.id = m.invoice_id
     where n.corrects = i.id and m.kind = 'returned')
  - (select coalesce(sum(case when a.kind = 'refund' then -a.amount else a.amount end), 0) from payment_attempts a
     where a.invoice_id = i.id and a.state = 'succeeded')
  else 0 end`;
export const IS_OPEN_SQL = `(i.type = 'invoice' and i.status = 'finalized' and i.payment_status = 'unpaid')`;
export const IS_OVERDUE_SQL = `(${IS_OPEN_SQL} and coalesce(i.document ->> 'dueOn' < to_char(now() at time zone 'UTC', 'YYYY-MM-DD'), false))`;

const FROM = `(
  select i.*, c.state as dunning_state, c.started_at as dunning_started_at, c.next_at as dunning_next_at,
    ${IS_OPEN_SQL} as is_open, ${IS_OVERDUE_SQL} as is_overdue,
    coalesce(c.state in ('open', 'overdue'), false) as is_failing, i.payment_status = 'paid' as is_paid
  from invoices i left join dunning_cases c on c.invoice_id = i.id) i`;
const COLUMNS = `${INVOICE_COLUMNS}, dunning_state, dunning_started_at, dunning_next_at, ${LEFT_SQL} as left_to_pay,
  (select a.code from payment_attempts a where a.invoice_id = i.id and a.kind = 'charge' and a.state = 'failed'
   order by a.id desc limit 1) as failure_code`;

/** Reads invoices of all partners. */
@Injectable()
export class PartnerInvoiceRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async page({
    partner,
    state,
    ...query
  }: ParsedInputOf<typeof listAllInvoices>): Promise<Page<StandingInvoice>> {
    const source = {
      ...{ table: 'invoices', columns: COLUMNS, from: FROM },
      list: (partner === undefined ? {} : { partner_id: partner }) as Record<string, string>,
      where: state === undefined ? {} : { [`is_${state}`]: true },
    };
    const rows = await this.database.read((manager) => readListPage<Row>(manager, source, query));
    const { data, has_more } = pageOf(rows, query.limit, query.ending_before !== undefined);
    return { data: data.map(toStanding), has_more };
  }

  /** Throws `BILLING.INVOICE_NOT_FOUND`. */
  async get(id: string): Promise<StandingInvoice> {
    const [row] = await this.database.read<Row[]>((manager) =>
      manager.query(`select ${COLUMNS} from ${FROM} where id = $1`, [id]),
    );
    if (!row) throw new AppError(INVOICE_NOT_FOUND);
    return toStanding(row);
  }
}

function toStanding(row: Row): StandingInvoice {
  return {
    ...{ invoice: toInvoice(row), left: BigInt(row.left_to_pay) },
    dunning: row.dunning_state && {
      ...{ status: row.dunning_state, startedAt: row.dunning_started_at, nextAt: row.dunning_next_at },
      failureCode: row.failure_code,
    },
  };
}
