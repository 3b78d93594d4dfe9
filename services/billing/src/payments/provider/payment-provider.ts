import type { Money } from '../../money/money.ts';

/** What the provider says about one charge or refund. `code` is why it failed. */
export type ProviderReading = {
  /** The provider's id of the payment or refund; null when it refused before it made one. */
  readonly providerId: string | null;
} & (
  | { readonly state: 'succeeded' | 'processing' }
  /** `actionUrl`: the page where the payer confirms. */
  | { readonly state: 'requires_action'; readonly actionUrl: string }
  | { readonly state: 'failed'; readonly code: string }
);

/** What is charged. The idempotency key is made of `attemptId`, so every sending of the same attempt is one charge. */
export interface ChargeOrder {
  readonly attemptId: string;
  readonly invoiceId: string;
  readonly partnerId: string;
  /** Ids of the provider. */
  readonly customerId: string;
  readonly methodId: string;
  readonly amount: Money;
  /** For the statement of the payer. */
  readonly description: string;
  /** Whether a person waits in a browser and can confirm at the bank. */
  readonly isPayerPresent: boolean;
  /** Where the bank sends that person back. */
  readonly returnUrl: string;
}

export interface RefundOrder {
  readonly attemptId: string;
  /** The provider's id of the charge. */
  readonly paymentId: string;
  readonly amount: Money;
}

/** A payment method as the provider has it. The number of a card never comes here. */
export interface ProviderMethod {
  readonly id: string;
  readonly kind: string;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expiresOn: { readonly month: number; readonly year: number } | null;
}

/** What an event is about. Its content is not used: the object is read again. */
export interface ProviderEvent {
  readonly id: string;
  readonly type: string;
  readonly about: 'charge' | 'refund' | 'methods' | 'other';
  /** Of the charge or refund: what our own side called it. */
  readonly attemptId: string | null;
  readonly customerId: string | null;
}

/**
 * Somebody who moves money: a card processor, UPI. Adapters turn no error into an outcome: **a call that rejects has an unknown outcome**,
 * unless the provider said in its response that it refused. So a timeout is never a failed payment.
 */
export interface PaymentProvider {
  readonly name: string;
  /** Makes the customer of a partner; the same one when it is called again. Returns the provider's id. */
  createCustomer(partnerId: string): Promise<string>;
  /** The address of a page of the provider where a payment method is added. */
  setupPage(customerId: string, returnUrl: string): Promise<string>;
  charge(order: ChargeOrder): Promise<ProviderReading>;
  /** Reads a charge again, by its id or by our own; null when the provider surely has none now. */
  findCharge(
    order: Pick<ChargeOrder, 'attemptId' | 'customerId'> & { readonly paymentId: string | null },
  ): Promise<ProviderReading | null>;
  /** Ends a charge that waits for its payer. Returns what has become of it. */
  cancelCharge(paymentId: string): Promise<ProviderReading>;
  refund(order: RefundOrder): Promise<ProviderReading>;
  findRefund(order: Pick<RefundOrder, 'attemptId' | 'paymentId'>): Promise<ProviderReading | null>;
  methods(customerId: string): Promise<ProviderMethod[]>;
  /** Removes a payment method; nothing happens when it is gone. */
  detach(methodId: string): Promise<void>;
  /** The event of a webhook. Throws `BILLING.WEBHOOK_REFUSED` when its signature is not over these bytes, or old. */
  parseEvent(body: Buffer, signature: string): ProviderEvent;
}
