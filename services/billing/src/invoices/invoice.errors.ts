import { defineError } from '@gridworks/contracts';

export const INVOICE_NOT_DRAFT = defineError({
  code: 'BILLING.INVOICE_NOT_DRAFT',
  kind: 'conflict',
  title: 'The invoice is finalized already',
});
