import { defineError } from '@gridworks/contracts';

export const INVOICE_NOT_DRAFT = defineError({
  code: 'BILLING.INVOICE_NOT_DRAFT',
  kind: 'conflict',
  title: 'The invoice is finalized already',
});
export const INVOICE_NOT_VOIDABLE = defineError({
  code: 'BILLING.INVOICE_NOT_VOIDABLE',
  kind: 'conflict',
  title: 'Only a finalized invoice that nobody has paid or corrected can be voided',
});
export const INVOICE_NOT_CORRECTABLE = defineError({
  code: 'BILLING.INVOICE_NOT_CORRECTABLE',
  kind: 'conflict',
  title: 'A credit note corrects a finalized invoice in its currency, up to what is left of its total',
});
