import type { LogEventRow } from './log-event-row.ts';

/** Payments and dunning. */
export const PAYMENT_EVENTS = {
  'payment.run_failed': {
    level: 'warn',
    meaning: 'Payments that are due could not be read; they are read again in seconds.',
    action: 'See `error`. While it lasts, no invoice is charged.',
  },
  'payment.step_failed': {
    level: 'warn',
    meaning:
      'A payment could not be taken a step further; its invoice stays locked, and the payment provider is asked again.',
    action: 'See `error`. If it goes on, look at the status page and the keys of the payment provider.',
  },
  'payment_methods.read_failed': {
    level: 'warn',
    meaning:
      'The payment methods of a partner could not be read at the payment provider; that is tried again.',
    action: 'none',
  },
  'dunning.run_failed': {
    level: 'warn',
    meaning: 'Unpaid invoices were not looked after; that is tried again in an hour.',
    action: 'See `error`.',
  },
  'dunning.step_failed': {
    level: 'warn',
    meaning: 'The next step about one unpaid invoice was not done; that is tried again in an hour.',
    action: 'See `error`.',
  },
} as const satisfies Readonly<Record<string, LogEventRow>>;
