import type { Transaction } from '@gridworks/persistence';
import type { Difference } from './difference.ts';

/** Each statement selects what should not be of one partner: an id, and what is wrong with it. */
const OF_PARTNER = [
  `select subscription_id as id, 'the period from ' || starts_at || ' ended at ' || ends_at || ' and is not charged' as what
   from billing_periods where partner_id = $1 and rated_at is null and ends_at < now() - interval '2 days'`,
  `select id, 'the subscription did not go on at ' || advance_at as what
   from subscriptions where partner_id = $1 and advance_at < now() - interval '2 days'`,
  `select a.subscription_id as id, 'its period from ' || a.starts_at || ' overlaps with another one' as what
   from billing_periods a join billing_periods b on b.partner_id = a.partner_id and b.starts_at < a.ends_at and a.starts_at < b.ends_at
     and (a.subscription_id, a.starts_at) <> (b.subscription_id, b.starts_at)
   where a.partner_id = $1`,
  `select item.id, 'the item is on ' || invoice.id || ', which is no finalized invoice of its partner and currency' as what
   from invoice_items item join invoices invoice on invoice.id = item.invoice_id
   where item.partner_id = $1 and (invoice.status = 'draft' or (invoice.partner_id, invoice.currency) <> (item.partner_id, item.currency))`,
  `select invoice.id, 'its lines are ' || charged.lines || ', its items ' || charged.items as what
   from (select invoice_id, sum(amount) as items,
       (select sum((line ->> 'amount')::bigint) from jsonb_array_elements(min(invoice.document::text)::jsonb -> 'lines') line) as lines
     from invoice_items item join invoices invoice on invoice.id = item.invoice_id where item.partner_id = $1 group by invoice_id) charged
   join invoices invoice on invoice.id = charged.invoice_id where charged.items is distinct from charged.lines`,
  `select invoice.id, 'the invoice of ' || invoice.total || ' ' || invoice.currency || ' has a posting of '
       || coalesce(posted.amount::text, 'nothing') as what
   from invoices invoice left join lateral (
     select sum(entry.amount) filter (where account.name = 'receivable') as amount
     from ledger_transactions posting
       join ledger_entries entry on entry.transaction_id = posting.id
       join ledger_accounts account on account.id = entry.account_id
     where posting.reference = invoice.id and posting.kind in ('invoice_finalized', 'top_up_finalized', 'credit_note_issued')) posted on true
   where invoice.partner_id = $1 and invoice.status <> 'draft' and invoice.total > 0
     and posted.amount is distinct from case invoice.type when 'invoice' then invoice.total else -invoice.total end`,
  `select invoice.id, 'the invoice is voided, and its posting is not reversed' as what from invoices invoice
   where partner_id = $1 and status = 'voided' and total > 0 and not exists (
     select from ledger_transactions where reference = invoice.id and kind in ('invoice_voided', 'top_up_voided'))`,
  `select posting.id, posting.kind || ' of ' || posting.reference || ', which is no finalized invoice' as what
   from ledger_transactions posting
   where partner_id = $1 and kind in ('invoice_finalized', 'credit_note_issued', 'invoice_voided', 'top_up_finalized', 'top_up_voided')
     and not exists (select from invoices where id = posting.reference and status <> 'draft')`,
  `select attempt.id, attempt.kind || ' of ' || attempt.amount || ' ' || attempt.currency || ' is ' || attempt.state
       || ', and the ledger has ' || coalesce(posted.amount::text, 'nothing') as what
   from payment_attempts attempt left join lateral (
     select abs(sum(entry.amount) filter (where account.name = 'cash')) as amount
     from ledger_transactions posting
       join ledger_entries entry on entry.transaction_id = posting.id
       join ledger_accounts account on account.id = entry.account_id
     where posting.reference = attempt.id and posting.kind in ('payment_received', 'refund_paid')) posted on true
   where attempt.partner_id = $1
     and posted.amount is distinct from case when attempt.state = 'succeeded' then attempt.amount end`,
  `select posting.id, posting.kind || ' of ' || posting.reference || ', which is no payment that has succeeded' as what
   from ledger_transactions posting
   where partner_id = $1 and kind in ('payment_received', 'refund_paid')
     and not exists (select from payment_attempts where id = posting.reference and state = 'succeeded')`,
  `select credit.id, 'it was granted ' || amount || ' and has ' || remaining || ' left, its movements are ' || moved.sum as what
   from credit_grants credit cross join lateral (
     select coalesce(sum(amount), 0) as sum, coalesce(sum(amount) filter (where kind = 'granted'), 0) as granted
     from credit_movements where grant_id = credit.id) moved
   where credit.partner_id = $1 and (moved.sum <> credit.remaining or moved.granted <> credit.amount)`,
  `select invoice.id, 'the invoice shows credits of ' || shown || ', and burned ' || burned as what
   from (select id, coalesce((document -> 'totals' ->> 'credits')::bigint, 0) as shown,
       (select coalesce(-sum(amount), 0) from credit_movements where invoice_id = invoices.id and kind = 'burned') as burned,
       (select coalesce(sum(amount), 0) from credit_movements where invoice_id = invoices.id and kind = 'returned') as returned,
       status from invoices where partner_id = $1 and type = 'invoice') invoice
   where shown <> burned or returned <> case status when 'voided' then burned else 0 end`,
  `select invoice.id, 'the top-up of ' || invoice.total || ' is ' || payment_status || ', and its credit is ' || coalesce(credit.amount::text, 'nothing') as what
   from invoices invoice left join credit_grants credit on credit.invoice_id = invoice.id
   where invoice.partner_id = $1 and purpose <> 'charges'
     and coalesce(credit.amount, 0) <> case payment_status when 'paid' then invoice.total else 0 end`,
  `select movement.id, 'the credit movement of ' || movement.amount || ' has a posting of ' || coalesce(posted.amount::text, 'nothing') as what
   from credit_movements movement join credit_grants credit on credit.id = movement.grant_id left join lateral (
     select -sum(entry.amount) filter (where account.name = credit.kind || '_credits') as amount
     from ledger_transactions posting
       join ledger_entries entry on entry.transaction_id = posting.id
       join ledger_accounts account on account.id = entry.account_id and account.currency = movement.currency
     where posting.reference = movement.id) posted on true
   where movement.partner_id = $1 and posted.amount is distinct from movement.amount`,
  `select coalesce(ledger.partner_id, given.partner_id) as id, 'its ' || coalesce(ledger.name, given.name) || ' in the ledger are '
       || coalesce(ledger.amount, 0) || ', its grants have ' || coalesce(given.amount, 0) as what
   from (select account.partner_id, account.name, account.currency, -sum(entry.amount) as amount
       from ledger_accounts account join ledger_entries entry on entry.account_id = account.id
       where account.partner_id = $1 and account.name in ('prepaid_credits', 'promotional_credits') group by 1, 2, 3) ledger
     full join (select partner_id, kind || '_credits' as name, currency, sum(remaining) as amount
       from credit_grants where partner_id = $1 group by 1, 2, 3) given using (partner_id, name, currency)
   where coalesce(ledger.amount, 0) <> coalesce(given.amount, 0)`,
] as const;

const SERIES_SQL = `
  select series.id, 'the series has ' || count(invoice.id) || ' numbers up to ' || last_number as what
  from invoice_series series left join invoices invoice on invoice.series = series.id
  group by series.id, last_number having count(invoice.id) <> last_number or max(invoice.number) <> last_number`;

/**
 * Whether the invoices, items, postings and payments of a partner agree, and all credit that was granted is burned, expired, taken back or
 * left.
 */
export async function compareDocuments(tx: Transaction, partnerId: string): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const check of OF_PARTNER) differences.push(...(await tx.prepared<Difference>(check, [partnerId])));
  return differences;
}

/** Whether the numbers of invoices have no gap. */
export const compareSeries = (tx: Transaction): Promise<Difference[]> =>
  tx.prepared<Difference>(SERIES_SQL, []);
