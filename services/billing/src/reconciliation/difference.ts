/** Something in which meter, invoices, ledger and payment provider do not agree. */
export interface Difference {
  /** The id of the partner, subscription, invoice, item, posting, payment or series. */
  readonly id: string;
  readonly what: string;
}
