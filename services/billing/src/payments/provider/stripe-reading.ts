import Stripe from 'stripe';
import type { ProviderReading } from './payment-provider.ts';

/** What a payment intent of Stripe means (https://docs.stripe.com/payments/paymentintents/lifecycle). */
export function readIntent(intent: Stripe.PaymentIntent): ProviderReading {
  const providerId = intent.id;
  switch (intent.status) {
    case 'succeeded':
      return { state: 'succeeded', providerId };
    case 'processing':
    case 'requires_capture':
      return { state: 'processing', providerId };
    case 'requires_action': {
      const actionUrl = intent.next_action?.redirect_to_url?.url;
      // Without an address nobody can confirm it: as if it was not confirmed.
      return actionUrl
        ? { state: 'requires_action', providerId, actionUrl }
        : { state: 'failed', providerId, code: 'authentication_required' };
    }
    case 'canceled':
      return { state: 'failed', providerId, code: codeOf(intent.last_payment_error) ?? 'action_expired' };
    // `requires_payment_method` is where a declined intent goes; `requires_confirmation` is never left by us.
    default:
      return { state: 'failed', providerId, code: codeOf(intent.last_payment_error) ?? 'generic_decline' };
  }
}

/** What a refund of Stripe means. */
export function readRefund(refund: Stripe.Refund): ProviderReading {
  const providerId = refund.id;
  switch (refund.status) {
    case 'succeeded':
      return { state: 'succeeded', providerId };
    case 'failed':
    case 'canceled':
      return { state: 'failed', providerId, code: refund.failure_reason ?? 'generic_decline' };
    default:
      return { state: 'processing', providerId };
  }
}

/**
 * The outcome that an error of Stripe states: the card was declined, or the request was not understood, and surely nothing was
 * charged. Null for everything else, 401, 409, 429 and 5xx too: then nobody knows, or it is no fault of the payer.
 */
export function readRefusal(error: unknown): ProviderReading | null {
  if (error instanceof Stripe.errors.StripeCardError)
    return {
      state: 'failed',
      providerId: error.payment_intent?.id ?? null,
      code: error.decline_code ?? error.code ?? 'generic_decline',
    };
  if (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.statusCode === 400 || error.statusCode === 404)
  )
    return { state: 'failed', providerId: null, code: error.code ?? 'invalid_request' };
  return null;
}

function codeOf(
  error: { decline_code?: string | undefined; code?: string | undefined } | null,
): string | null {
  return error?.decline_code ?? error?.code ?? null;
}
