import { SYNTHETIC_PARTNER_ID } from '@gridworks/contracts';
import type { Database, Transaction } from '@gridworks/persistence';
import { compareCredits } from '../credits/compare-credits.ts';
import type { MeteredUsageRepository } from '../invoicing/metered-usage.repository.ts';

/** Something in which the meter, the invoices and the ledger do not agree. */
export interface Difference {
  /** The id of the subscription, invoice, item, posting or series. */
  readonly id: string;
  readonly what: string;
}

export interface Reconciliation {
  readonly periods: number;
  readonly units: bigint;
  readonly invoices: number;
  /** Units that arrived after their period was charged, and that the next invoice has. */
  readonly waiting: bigint;
  readonly differences: readonly Difference[];
}

interface PeriodRow {
  readonly subscription_id: string;
  readonly partner_id: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly billed: string;
  /** When the periods of the partner were charged for the last time. */
  readonly last_rated_at: Date;
}

const PERIODS_SQL = `
  select period.subscription_id, period.partner_id, period.starts_at, period.ends_at,
    (select coalesce(sum(quantity), 0)::text from billed_usage where subscription_id = period.subscription_id
       and period_starts_at = period.starts_at and metric = 'calls') as billed,
    (select max(rated_at) from billing_periods other where other.partner_id = period.partner_id) as last_rated_at
  from billing_periods period
  where rated_at is not null and partner_id <> '${SYNTHETIC_PARTNER_ID}'
    and (subscription_id, starts_at) > ($1, $2)
  order by subscription_id, starts_at limit $3`;
const NEWER_SQL = `
  select count(*)::text as units from usage_records
  where partner_id = $1 and mode = 'live' and at >= $2 and at < $3 and recorded_at > $4::timestamptz - interval '1 minute'`;

/** Each statement selects what should not be: an id, and what is wrong with it. */
const CHECKS = [
  `select subscription_id as id, 'the period from ' || starts_at || ' ended at ' || ends_at || ' and is not charged' as what
   from billing_periods where rated_at is null and ends_at < now() - interval '2 days'
     and partner_id <> '${SYNTHETIC_PARTNER_ID}'`,
  `select a.subscription_id as id, 'its period from ' || a.starts_at || ' overlaps with another one' as what
   from billing_periods a join billing_periods b on b.partner_id = a.partner_id and b.starts_at < a.ends_at and a.starts_at < b.ends_at
     and (a.subscription_id, a.starts_at) <> (b.subscription_id, b.starts_at)`,
  `select item.id, 'the item is on ' || invoice.id || ', which is no finalized invoice of its partner and currency' as what
   from invoice_items item join invoices invoice on invoice.id = item.invoice_id
   where invoice.status = 'draft' or (invoice.partner_id, invoice.currency) <> (item.partner_id, item.currency)`,
  `select invoice.id, 'its lines are ' || charged.lines || ', its items ' || charged.items as what
   from (select invoice_id, sum(amount) as items,
       (select sum((line ->> 'amount')::bigint) from jsonb_array_elements(min(invoice.document::text)::jsonb -> 'lines') line) as lines
     from invoice_items item join invoices invoice on invoice.id = item.invoice_id group by invoice_id) charged
   join invoices invoice on invoice.id = charged.invoice_id where charged.items is distinct from charged.lines`,
  `select invoice.id, 'the invoice of ' || invoice.total || ' ' || invoice.currency || ' has a posting of '
       || coalesce(posted.amount::text, 'nothing') as what
   from invoices invoice left join lateral (
     select sum(entry.amount) filter (where account.name = 'receivable') as amount
     from ledger_transactions posting
       join ledger_entries entry on entry.transaction_id = posting.id
       join ledger_accounts account on account.id = entry.account_id
     where posting.reference = invoice.id and posting.kind in ('invoice_finalized', 'top_up_finalized', 'credit_note_issued')) posted on true
   where invoice.status <> 'draft' and invoice.total > 0
     and posted.amount is distinct from case invoice.type when 'invoice' then invoice.total else -invoice.total end`,
  `select invoice.id, 'the invoice is voided, and its posting is not reversed' as what from invoices invoice
   where status = 'voided' and total > 0 and not exists (
     select from ledger_transactions where reference = invoice.id and kind in ('invoice_voided', 'top_up_voided'))`,
  `select posting.id, posting.kind || ' of ' || posting.reference || ', which is no finalized invoice' as what
   from ledger_transactions posting
   where kind in ('invoice_finalized', 'credit_note_issued', 'invoice_voided', 'top_up_finalized', 'top_up_voided')
     and not exists (select from invoices where id = posting.reference and status <> 'draft')`,
  `select series.id, 'the series has ' || count(invoice.id) || ' numbers up to ' || last_number as what
   from invoice_series series left join invoices invoice on invoice.series = series.id
   group by series.id having count(invoice.id) <> last_number or max(invoice.number) <> last_number`,
] as const;

const AT_ONCE = 500;

/**
 * Whether each live unit of a charged period is on exactly one line, each finalized invoice has its posting, each posting its invoice, and
 * all credit that was granted is burned, expired, taken back or left.
 * Reads everything in one snapshot and changes nothing.
 */
export function reconcile(database: Database, usage: MeteredUsageRepository): Promise<Reconciliation> {
  return database.transaction(
    async (tx) => {
      const differences: Difference[] = [];
      const found = await comparePeriods(tx, usage, differences);
      for (const check of CHECKS) differences.push(...(await tx.prepared<Difference>(check, [])));
      differences.push(...(await compareCredits(tx, null)));
      const [counted] = await tx.prepared<{ n: number }>(
        `select count(*)::int as n from invoices where status <> 'draft'`,
        [],
      );
      return { ...found, invoices: counted?.n ?? 0, differences };
    },
    { isolation: 'REPEATABLE READ' },
  );
}

async function comparePeriods(
  tx: Transaction,
  usage: MeteredUsageRepository,
  differences: Difference[],
): Promise<{ periods: number; units: bigint; waiting: bigint }> {
  const found = { periods: 0, units: 0n, waiting: 0n };
  let last: { readonly subscription_id: string; readonly starts_at: Date } = {
    ...{ subscription_id: '', starts_at: new Date(0) },
  };
  for (;;) {
    const page = await tx.prepared<PeriodRow>(PERIODS_SQL, [last.subscription_id, last.starts_at, AT_ONCE]);
    for (const period of page) {
      const span = { from: period.starts_at, to: period.ends_at };
      const { calls } = await usage.count(tx, period.partner_id, span);
      const missing = calls - BigInt(period.billed);
      found.periods++;
      found.units += calls;
      if (missing === 0n) continue;
      const arrived = await arrivedSince(tx, period);
      if (missing > 0n && missing <= arrived) found.waiting += missing;
      else
        differences.push({
          id: period.subscription_id,
          what: `the period from ${period.starts_at.toISOString()} has ${calls} units, and ${period.billed} are charged`,
        });
    }
    if (page.length < AT_ONCE) return found;
    last = page.at(-1) as PeriodRow;
  }
}

/**
 * The units of a period that arrived after its partner was charged for the last time, or so shortly before that their transaction may not
 * have ended.
 */
async function arrivedSince(tx: Transaction, period: PeriodRow): Promise<bigint> {
  const [row] = await tx.prepared<{ units: string }>(NEWER_SQL, [
    ...[period.partner_id, period.starts_at, period.ends_at, period.last_rated_at],
  ]);
  return BigInt(row?.units ?? 0);
}
