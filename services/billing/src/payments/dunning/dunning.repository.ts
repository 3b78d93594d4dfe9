import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { firstStepAt } from './dunning-schedule.ts';

/** What is done about one invoice whose payment failed. */
export interface DunningCase {
  readonly invoiceId: string;
  readonly partnerId: string;
  readonly state: 'open' | 'overdue' | 'recovered' | 'closed';
  readonly startedAt: Date;
  /** Steps that are done. */
  readonly done: number;
  readonly nextAt: Date | null;
}

interface Row {
  readonly invoice_id: string;
  readonly partner_id: string;
  readonly state: DunningCase['state'];
  readonly started_at: Date;
  readonly done: number;
  readonly next_at: Date | null;
}

const COLUMNS = 'invoice_id, partner_id, state, started_at, done, next_at';
const toCase = (row: Row): DunningCase => ({
  ...{ invoiceId: row.invoice_id, partnerId: row.partner_id, state: row.state, done: row.done },
  ...{ startedAt: row.started_at, nextAt: row.next_at },
});

@Injectable()
export class DunningRepository {
  constructor(private readonly database: Database) {}

  /** Begins the case of an invoice, and returns it; null when it has one already, which goes on. The caller has locked the invoice. */
  async start(tx: Transaction, partnerId: string, invoiceId: string, now: Date): Promise<DunningCase | null> {
    const [row] = await tx.prepared<Row>(
      `insert into dunning_cases (invoice_id, partner_id, started_at, next_at) values ($1, $2, $3, $4)
       on conflict (invoice_id) do nothing returning ${COLUMNS}`,
      [invoiceId, partnerId, now, firstStepAt(now)],
    );
    return row ? toCase(row) : null;
  }

  /** The case, locked. The caller has locked the invoice. */
  async hold(tx: Transaction, invoiceId: string): Promise<DunningCase | null> {
    const [row] = await tx.prepared<Row>(
      `select ${COLUMNS} from dunning_cases where invoice_id = $1 for update`,
      [invoiceId],
    );
    return row ? toCase(row) : null;
  }

  async find(partnerId: string, invoiceId: string): Promise<DunningCase | null> {
    const [row] = await this.database.read<Row[]>((manager) =>
      manager.query(`select ${COLUMNS} from dunning_cases where partner_id = $1 and invoice_id = $2`, [
        partnerId,
        invoiceId,
      ]),
    );
    return row ? toCase(row) : null;
  }

  async advance(tx: Transaction, invoiceId: string, done: number, nextAt: Date | null): Promise<void> {
    await tx.prepared('update dunning_cases set done = $2, next_at = $3 where invoice_id = $1', [
      invoiceId,
      done,
      nextAt,
    ]);
  }

  /** Ends the case of an invoice, if it has one. */
  async end(
    tx: Transaction,
    invoiceId: string,
    state: 'overdue' | 'recovered' | 'closed',
    now: Date,
  ): Promise<void> {
    await tx.prepared(
      `update dunning_cases set state = $2, next_at = null, ended_at = $3
       where invoice_id = $1 and state in ('open', 'overdue')`,
      [invoiceId, state, now],
    );
  }

  /** Invoices with a step that is due. */
  async due(now: Date, limit: number): Promise<string[]> {
    const rows = await this.database.read<{ invoice_id: string }[]>((manager) =>
      manager.query('select invoice_id from dunning_cases where next_at <= $1 order by next_at limit $2', [
        now,
        limit,
      ]),
    );
    return rows.map(({ invoice_id }) => invoice_id);
  }

  /** Finalized invoices that are unpaid after their day and have no case yet: nobody has tried to charge them, or nobody could. */
  async forgotten(now: Date, limit: number): Promise<string[]> {
    const rows = await this.database.read<{ id: string }[]>((manager) =>
      manager.query(
        `select i.id from invoices i
         where i.status = 'finalized' and i.payment_status = 'unpaid' and i.type = 'invoice'
           and i.document ->> 'dueOn' < $1 and (i.document -> 'totals' ->> 'due')::bigint > 0
           and not exists (select from dunning_cases c where c.invoice_id = i.id)
         order by i.id limit $2`,
        [now.toISOString().slice(0, 10), limit],
      ),
    );
    return rows.map(({ id }) => id);
  }
}
