/**
 * What a refusal means for the next try.
 * - `soft`: the same payment method may work later.
 * - `hard`: it will not work, and networks fine those who try again: only another payment method helps.
 * - `action`: the payer must confirm at the bank, in a browser.
 */
export type DeclineKind = 'soft' | 'hard' | 'action';

/**
 * The codes of Stripe (https://docs.stripe.com/declines/codes) and our own. A code that is not here is soft: the schedule of dunning
 * bounds the tries.
 */
const KINDS: Readonly<Record<DeclineKind, readonly string[]>> = {
  action: [
    'authentication_required',
    'authentication_not_handled',
    'offline_pin_required',
    'online_or_offline_pin_required',
  ],
  hard: [
    'card_not_supported',
    'currency_not_supported',
    'do_not_try_again',
    'expired_card',
    'fraudulent',
    'incorrect_address',
    'incorrect_cvc',
    'incorrect_number',
    'incorrect_zip',
    'invalid_account',
    'invalid_cvc',
    'invalid_expiry_month',
    'invalid_expiry_year',
    'invalid_number',
    'lost_card',
    'merchant_blacklist',
    'not_permitted',
    'pickup_card',
    'restricted_card',
    'revocation_of_all_authorizations',
    'revocation_of_authorization',
    'security_violation',
    'service_not_allowed',
    'stolen_card',
    'stop_payment_order',
    'testmode_decline',
    'transaction_not_allowed',
    // Our own: there is nothing to charge, and the provider does not understand us.
    'no_payment_method',
    'invalid_request',
  ],
  soft: [
    'approve_with_id',
    'call_issuer',
    'card_declined',
    'card_velocity_exceeded',
    'do_not_honor',
    'duplicate_transaction',
    'generic_decline',
    'insufficient_funds',
    'invalid_amount',
    'issuer_not_available',
    'new_account_information_available',
    'no_action_taken',
    'processing_error',
    'reenter_transaction',
    'try_again_later',
    'withdrawal_count_limit_exceeded',
    // Our own: the payer did not confirm in time, and the provider never got the request.
    'action_expired',
    'not_received',
  ],
};

const BY_CODE = new Map(
  (Object.keys(KINDS) as DeclineKind[]).flatMap((kind) => KINDS[kind].map((code) => [code, kind] as const)),
);

/** The kind of a refusal; `soft` for a code that nobody knows. */
export const declineKind = (code: string): DeclineKind => BY_CODE.get(code) ?? 'soft';

/** For people: why a payment failed. No word of what the bank suspects, which helps thieves alone. */
const WORDS: Readonly<Record<string, string>> = {
  insufficient_funds: 'The account has not enough money.',
  expired_card: 'The card has expired.',
  authentication_required: 'The bank wants you to confirm the payment.',
  action_expired: 'The payment was not confirmed at the bank in time.',
  no_payment_method: 'There is no payment method.',
  issuer_not_available: 'The bank did not respond.',
  processing_error: 'The bank could not process the payment.',
};

/** A sentence for the payer. */
export const declineWords = (code: string): string => WORDS[code] ?? 'The bank declined the payment.';
