import type { Transaction } from '@gridworks/persistence';

const OF_PARTNER = (table: string) => `($1::text is null or ${table}.partner_id = $1)`;

/** Each statement selects what should not be: an id, and what is wrong with it. */
const CHECKS = [
  `select credit.id, 'it was granted ' || amount || ' and has ' || remaining || ' left, its movements are ' || moved.sum as what
   from credit_grants credit cross join lateral (
     select coalesce(sum(amount), 0) as sum, coalesce(sum(amount) filter (where kind = 'granted'), 0) as granted
     from credit_movements where grant_id = credit.id) moved
   where ${OF_PARTNER('credit')} and (moved.sum <> credit.remaining or moved.granted <> credit.amount)`,
  `select invoice.id, 'the invoice shows credits of ' || shown || ', and burned ' || burned as what
   from (select id, coalesce((document -> 'totals' ->> 'credits')::bigint, 0) as shown,
       (select coalesce(-sum(amount), 0) from credit_movements where invoice_id = invoices.id and kind = 'burned') as burned,
       (select coalesce(sum(amount), 0) from credit_movements where invoice_id = invoices.id and kind = 'returned') as returned,
       status from invoices where type = 'invoice' and ${OF_PARTNER('invoices')}) invoice
   where shown <> burned or returned <> case status when 'voided' then burned else 0 end`,
  `select invoice.id, 'the top-up of ' || invoice.total || ' is ' || payment_status || ', and its credit is ' || coalesce(credit.amount::text, 'nothing') as what
   from invoices invoice left join credit_grants credit on credit.invoice_id = invoice.id
   where ${OF_PARTNER('invoice')} and purpose <> 'charges' and coalesce(credit.amount, 0) <> case payment_status when 'paid' then invoice.total else 0 end`,
  `select movement.id, 'the credit movement of ' || movement.amount || ' has a posting of ' || coalesce(posted.amount::text, 'nothing') as what
   from credit_movements movement join credit_grants credit on credit.id = movement.grant_id left join lateral (
     select -sum(entry.amount) filter (where account.name = credit.kind || '_credits') as amount
     from ledger_transactions posting
       join ledger_entries entry on entry.transaction_id = posting.id
       join ledger_accounts account on account.id = entry.account_id and account.currency = movement.currency
     where posting.reference = movement.id) posted on true
   where ${OF_PARTNER('movement')} and posted.amount is distinct from movement.amount`,
  `select coalesce(ledger.partner_id, given.partner_id) as id, 'its ' || coalesce(ledger.name, given.name) || ' in the ledger are '
       || coalesce(ledger.amount, 0) || ', its grants have ' || coalesce(given.amount, 0) as what
   from (select account.partner_id, account.name, account.currency, -sum(entry.amount) as amount
       from ledger_accounts account join ledger_entries entry on entry.account_id = account.id
       where ${OF_PARTNER('account')} and account.name in ('prepaid_credits', 'promotional_credits') group by 1, 2, 3) ledger
     full join (select partner_id, kind || '_credits' as name, currency, sum(remaining) as amount
       from credit_grants where ${OF_PARTNER('credit_grants')} group by 1, 2, 3) given using (partner_id, name, currency)
   where coalesce(ledger.amount, 0) <> coalesce(given.amount, 0)`,
] as const;

/**
 * Where grants, movements, invoices and the ledger do not agree about credit: all that was granted is burned, expired, taken back or left.
 * `partnerId` null: of every partner.
 */
export async function compareCredits(
  tx: Transaction,
  partnerId: string | null,
): Promise<{ readonly id: string; readonly what: string }[]> {
  const found: { id: string; what: string }[] = [];
  for (const check of CHECKS)
    found.push(...(await tx.prepared<{ id: string; what: string }>(check, [partnerId])));
  return found;
}
