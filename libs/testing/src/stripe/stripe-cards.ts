/** What the bank of a test card does with a charge. */
export type CardBehaviour = 'succeeds' | 'requires_action' | 'processing' | { readonly declines: string };

/** Numbers of Stripe's test cards (https://docs.stripe.com/testing), and what they do. The last one stands for a slow bank debit. */
export const TEST_CARDS: Readonly<Record<string, CardBehaviour>> = {
  '4242424242424242': 'succeeds',
  '4000000000000341': { declines: 'generic_decline' },
  '4000000000009995': { declines: 'insufficient_funds' },
  '4000000000009979': { declines: 'stolen_card' },
  '4000002760003184': 'requires_action',
  '4000000000000077': 'processing',
};
export type TestCard = keyof typeof TEST_CARDS & string;
