import { defineError } from '../values/app-error.ts';

export const WEBHOOK_REFUSED = defineError({
  code: 'BILLING.WEBHOOK_REFUSED',
  kind: 'invalid_input',
  title: 'The signature does not belong to these bytes, or is old',
});
export const TRANSFER_ONLY = defineError({
  code: 'BILLING.TRANSFER_ONLY',
  kind: 'conflict',
  title: 'Invoices are paid by bank transfer: no payment provider is configured',
});
export const PROVIDER_UNAVAILABLE_FOR_PAYMENTS = defineError({
  code: 'BILLING.PROVIDER_UNAVAILABLE',
  kind: 'unavailable',
  title: 'The payment provider does not respond',
  retryable: true,
});
export const INVOICE_NOT_PAYABLE = defineError({
  code: 'BILLING.INVOICE_NOT_PAYABLE',
  kind: 'conflict',
  title: 'Only a finalized invoice of which something is left can be paid',
});
export const PAYMENT_OPEN = defineError({
  code: 'BILLING.PAYMENT_OPEN',
  kind: 'conflict',
  title: 'Another payment of the invoice is open, and its outcome must be known first',
});
export const PAYMENT_METHOD_NOT_FOUND = defineError({
  code: 'BILLING.PAYMENT_METHOD_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such payment method',
});
export const PAYMENT_METHOD_NEEDED = defineError({
  code: 'BILLING.PAYMENT_METHOD_NEEDED',
  kind: 'conflict',
  title: 'There is no payment method: add one first',
});
export const PAYMENT_NOT_FOUND = defineError({
  code: 'BILLING.PAYMENT_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such payment',
});
export const PAYMENT_NOT_REFUNDABLE = defineError({
  code: 'BILLING.PAYMENT_NOT_REFUNDABLE',
  kind: 'conflict',
  title:
    'A refund pays back a payment that has arrived, up to what a credit note or an overpayment left with us',
});
export const TRANSFER_RECORDED = defineError({
  code: 'BILLING.TRANSFER_RECORDED',
  kind: 'conflict',
  title: 'This bank transfer is recorded already',
});
