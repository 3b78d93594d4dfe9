import type { PaymentMail } from '@gridworks/contracts';
import type { Letter } from '@gridworks/notifications';

/** What a mail about a payment says. */
export interface PaymentMailContent {
  readonly mail: PaymentMail;
  /** The page of the invoice. */
  readonly link: string;
  /** The number of the invoice. */
  readonly invoice: string;
  /** With its currency: `€58.31`. */
  readonly amount: string;
  /** Why it failed, a sentence; else empty. */
  readonly reason: string;
  /** `2026-12-15`: when something happens next; empty when nothing does. */
  readonly date: string;
}

const WHO_GETS_IT = 'You get this mail as an owner or accountant of the partner.';

/** The letter about a payment of an invoice. */
export function paymentLetter({ mail, link, invoice, amount, reason, date }: PaymentMailContent): Letter {
  const about = { notes: [WHO_GETS_IT] };
  switch (mail) {
    case 'payment-received':
      return {
        ...about,
        heading: `Payment received: ${amount} for ${invoice}`,
        lines: [`We received ${amount} for invoice ${invoice}. Thank you.`],
        button: { text: 'See the invoice', url: link },
      };
    case 'payment-refunded':
      return {
        ...about,
        heading: `Refund: ${amount} of ${invoice}`,
        lines: [
          `We paid ${amount} of invoice ${invoice} back to the payment method that it came from. It takes the bank some days to show it.`,
        ],
        button: { text: 'See the invoice', url: link },
      };
    case 'payment-failed':
      return {
        ...about,
        heading: `Payment of ${invoice} failed`,
        lines: [
          `${amount} for invoice ${invoice} could not be charged. ${reason}`,
          date === ''
            ? 'Add another payment method, or pay the invoice by bank transfer.'
            : `We try again on ${date}. You need not wait for that: pay now, with this or another payment method.`,
        ],
        button: { text: 'Pay the invoice', url: link },
      };
    case 'payment-action-required':
      return {
        ...about,
        heading: `Confirm the payment of ${invoice}`,
        lines: [
          `Your bank wants you to confirm the payment of ${amount} for invoice ${invoice}. Only you can do that, in your browser.`,
        ],
        button: { text: 'Pay and confirm', url: link },
      };
    case 'payment-last-warning':
      return {
        ...about,
        heading: `${invoice} is still unpaid`,
        lines: [
          `${amount} of invoice ${invoice} is not paid.`,
          `If it is not paid before ${date}, the invoice is overdue, and your access may be limited.`,
        ],
        button: { text: 'Pay the invoice', url: link },
      };
    case 'payment-overdue':
      return {
        ...about,
        heading: `${invoice} is overdue`,
        lines: [
          `${amount} of invoice ${invoice} was not paid in time. We do not try to charge it any more.`,
          'Pay it now to keep your access. If you think that this is wrong, open a ticket.',
        ],
        button: { text: 'Pay the invoice', url: link },
      };
  }
}
