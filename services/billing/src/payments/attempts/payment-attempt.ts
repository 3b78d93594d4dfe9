import type { paymentSchema } from '@gridworks/contracts';
import type { z } from 'zod';
import { toInteger } from '../../money/money.ts';
import { declineWords } from '../states/decline-codes.ts';
import type { PaymentState } from '../states/payment-states.ts';

/** One try to move money for an invoice, or money that arrived by bank transfer. */
export interface PaymentAttempt {
  readonly id: string;
  readonly partnerId: string;
  readonly invoiceId: string;
  readonly kind: 'charge' | 'refund' | 'transfer';
  readonly state: PaymentState;
  /** Minor units, above 0. */
  readonly amount: bigint;
  readonly currency: string;
  readonly provider: string | null;
  readonly methodId: string | null;
  /** The provider's id of the charge or refund, once it is known. */
  readonly providerId: string | null;
  /** The attempt that a refund pays back. */
  readonly refunds: string | null;
  readonly reference: string | null;
  readonly isPayerPresent: boolean;
  readonly code: string | null;
  readonly actionUrl: string | null;
  readonly createdAt: Date;
  readonly submittedAt: Date | null;
  readonly settledAt: Date | null;
  /** How often it was looked at. */
  readonly looks: number;
}

export interface AttemptRow {
  readonly id: string;
  readonly partner_id: string;
  readonly invoice_id: string;
  readonly kind: PaymentAttempt['kind'];
  readonly state: PaymentState;
  readonly amount: string;
  readonly currency: string;
  readonly provider: string | null;
  readonly method_id: string | null;
  readonly provider_id: string | null;
  readonly refunds: string | null;
  readonly reference: string | null;
  readonly is_payer_present: boolean;
  readonly code: string | null;
  readonly action_url: string | null;
  readonly created_at: Date;
  readonly submitted_at: Date | null;
  readonly settled_at: Date | null;
  readonly looks: number;
}

export const ATTEMPT_COLUMNS =
  'id, partner_id, invoice_id, kind, state, amount, currency, provider, method_id, provider_id, refunds, reference, ' +
  'is_payer_present, code, action_url, created_at, submitted_at, settled_at, looks';

export const toAttempt = (row: AttemptRow): PaymentAttempt => ({
  ...{ id: row.id, partnerId: row.partner_id, invoiceId: row.invoice_id, kind: row.kind, state: row.state },
  ...{ amount: BigInt(row.amount), currency: row.currency, provider: row.provider, methodId: row.method_id },
  ...{ providerId: row.provider_id, refunds: row.refunds, reference: row.reference },
  ...{ isPayerPresent: row.is_payer_present, code: row.code, actionUrl: row.action_url },
  ...{
    createdAt: row.created_at,
    submittedAt: row.submitted_at,
    settledAt: row.settled_at,
    looks: row.looks,
  },
});

/** An attempt as the API shows it. */
export const presentPayment = (attempt: PaymentAttempt): z.output<typeof paymentSchema> => ({
  ...{
    object: 'payment',
    id: attempt.id,
    invoice_id: attempt.invoiceId,
    kind: attempt.kind,
    status: attempt.state,
  },
  ...{ amount: toInteger(attempt.amount), currency: attempt.currency, payment_method_id: attempt.methodId },
  ...{ refunds: attempt.refunds, reference: attempt.reference },
  action_url: attempt.state === 'requires_action' ? attempt.actionUrl : null,
  failure:
    attempt.state === 'failed' && attempt.code
      ? { code: attempt.code, message: declineWords(attempt.code) }
      : null,
  created_at: attempt.createdAt.toISOString(),
  settled_at: attempt.settledAt?.toISOString() ?? null,
});
