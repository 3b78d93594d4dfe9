/**
 * The accounts that each partner has in each currency, and their side. A debit adds to an asset or an expense, a credit to a liability or an
 * income.
 */
export const LEDGER_ACCOUNTS = {
  /** What the partner owes. */
  receivable: 'asset',
  /** What the partner has paid in. */
  cash: 'asset',
  revenue: 'income',
  /** Tax that was charged and is owed to the state. */
  tax_payable: 'liability',
  /** Credits that the partner has paid for and not used. */
  prepaid_credits: 'liability',
  /** Credits that the partner has ordered and not paid. */
  ordered_credits: 'liability',
  /** Credits that were given away and are not used. */
  promotional_credits: 'liability',
  /** What credits that were given away cost. */
  promotion: 'expense',
  /** Paid credits that expired. */
  expired_credits: 'income',
  /** What the partner will not pay. */
  bad_debt: 'expense',
} as const;
export type LedgerAccount = keyof typeof LEDGER_ACCOUNTS;

/** A part of a posting: it debits one account and credits another with the same amount, so a posting is balanced. */
interface Leg {
  readonly part: 'net' | 'tax' | 'amount';
  readonly debit: LedgerAccount;
  readonly credit: LedgerAccount;
}
const leg = (part: Leg['part'], debit: LedgerAccount, credit: LedgerAccount): Leg => ({
  part,
  debit,
  credit,
});

const REVERSED_INVOICE = [leg('net', 'revenue', 'receivable'), leg('tax', 'tax_payable', 'receivable')];

/** What each kind of transaction posts: the one place that says so. */
export const POSTINGS = {
  invoice_finalized: [leg('net', 'receivable', 'revenue'), leg('tax', 'receivable', 'tax_payable')],
  invoice_voided: REVERSED_INVOICE,
  credit_note_issued: REVERSED_INVOICE,
  /** The invoice of a top-up: no revenue, since credit is only money until an invoice burns it. */
  top_up_finalized: [leg('net', 'receivable', 'ordered_credits')],
  top_up_voided: [leg('net', 'ordered_credits', 'receivable')],
  payment_received: [leg('amount', 'cash', 'receivable')],
  /** Paid back what a credit note or an overpayment left with us. */
  refund_paid: [leg('amount', 'receivable', 'cash')],
  debt_written_off: [leg('amount', 'bad_debt', 'receivable')],
  prepaid_credit_granted: [leg('amount', 'cash', 'prepaid_credits')],
  /** A top-up that is paid. */
  top_up_credit_granted: [leg('amount', 'ordered_credits', 'prepaid_credits')],
  prepaid_credit_burned: [leg('amount', 'prepaid_credits', 'receivable')],
  prepaid_credit_returned: [leg('amount', 'receivable', 'prepaid_credits')],
  prepaid_credit_expired: [leg('amount', 'prepaid_credits', 'expired_credits')],
  /** Paid back outside of the portal, or never paid in. */
  prepaid_credit_voided: [leg('amount', 'prepaid_credits', 'cash')],
  promotional_credit_granted: [leg('amount', 'promotion', 'promotional_credits')],
  promotional_credit_burned: [leg('amount', 'promotional_credits', 'receivable')],
  promotional_credit_returned: [leg('amount', 'receivable', 'promotional_credits')],
  promotional_credit_expired: [leg('amount', 'promotional_credits', 'promotion')],
  promotional_credit_voided: [leg('amount', 'promotional_credits', 'promotion')],
} as const satisfies Record<string, readonly Leg[]>;
export type PostingKind = keyof typeof POSTINGS;

/** Minor units of each part; a part that the kind does not name is refused, one that it names and lacks is 0. */
export type PostingAmounts = Partial<Record<Leg['part'], bigint>>;

export interface Entry {
  readonly account: LedgerAccount;
  /** Minor units: a debit is above 0, a credit below. */
  readonly amount: bigint;
}

/**
 * The entries of a posting, one for each account that changes; their sum is 0. Throws a `RangeError` for an amount below 0, for a
 * part that the kind does not have, and for a posting of nothing.
 */
export function entriesOf(kind: PostingKind, amounts: PostingAmounts): Entry[] {
  const legs: readonly Leg[] = POSTINGS[kind];
  for (const [part, amount] of Object.entries(amounts)) {
    if (amount < 0n) throw new RangeError(`${part} of ${kind} is below 0`);
    if (!legs.some((one) => one.part === part)) throw new RangeError(`${kind} has no ${part}`);
  }
  const changes = new Map<LedgerAccount, bigint>();
  const add = (account: LedgerAccount, amount: bigint) =>
    changes.set(account, (changes.get(account) ?? 0n) + amount);
  for (const { part, debit, credit } of legs) {
    add(debit, amounts[part] ?? 0n);
    add(credit, -(amounts[part] ?? 0n));
  }
  const entries = [...changes].map(([account, amount]) => ({ account, amount }));
  const changed = entries.filter(({ amount }) => amount !== 0n);
  if (changed.length === 0) throw new RangeError(`${kind} of nothing`);
  return changed;
}
