export type { BankEntry, PaymentIntent } from './stripe-bank.ts';
export { TEST_CARDS } from './stripe-cards.ts';
export { type StripeFault, type StripeRequest, StripeServer } from './stripe-server.ts';
export { signWebhook } from './stripe-webhooks.ts';
