import type { SpendingMail } from '@gridworks/contracts';
import type { Letter } from '@gridworks/notifications';

/** What a mail about credit or a budget says. */
export interface SpendingMailContent {
  readonly mail: SpendingMail;
  /** The page about it. */
  readonly link: string;
  /** What is used, left or was to be paid: `€40.00`, `8,000 calls`. */
  readonly amount: string;
  /** The budget, or the included units: `€50.00`, `10,000 calls`. */
  readonly limit: string;
  /** How much of it is used. */
  readonly percent: string;
  /** Whether calls are refused at the limit. */
  readonly stops: boolean;
  /** `2026-12-15`: when the credit ends, or the month. */
  readonly date: string;
}

const WHO_GETS_IT = 'You get this mail as an owner or accountant of the partner.';

/** The letter about the credit or the budget of a partner. */
export function spendingLetter({
  mail,
  link,
  amount,
  limit,
  percent,
  stops,
  date,
}: SpendingMailContent): Letter {
  const about = { notes: [WHO_GETS_IT] };
  switch (mail) {
    case 'credit-expiring':
      return {
        ...about,
        heading: `Credit of ${amount} expires on ${date}`,
        lines: [
          `${amount} of your credit can be used until ${date}. An invoice before that day burns it first; what is left then is lost.`,
        ],
        button: { text: 'See your credit', url: link },
      };
    case 'credit-low':
      return {
        ...about,
        heading: `Your credit is low: ${amount} left`,
        lines: [
          `Less than ${limit} of your credit is left: ${amount}.`,
          'What it does not pay of your next invoice is charged as usual. Top up, and the invoice is paid from it.',
        ],
        button: { text: 'Top up', url: link },
      };
    case 'budget-alert':
      return {
        ...about,
        heading: `${percent}% of your limit for this month is used`,
        lines: [`Your calls of this month use ${amount} of ${limit}.`, whatFollows(percent, stops, date)],
        button: { text: 'See your budget', url: link },
      };
    case 'auto-top-up-off':
      return {
        ...about,
        heading: 'Your automatic top-up is switched off',
        lines: [
          `The automatic top-up of ${amount} was not paid in time. It is withdrawn: you owe nothing for it.`,
          'Check your payment method, then switch the automatic top-up on again.',
        ],
        button: { text: 'See your credit', url: link },
      };
  }
}

function whatFollows(percent: string, stops: boolean, date: string): string {
  const isReached = Number(percent) >= 100;
  if (!stops)
    return isReached
      ? 'Calls go on, and are charged as before.'
      : 'At 100% you get another mail. Calls go on then, and are charged.';
  return isReached
    ? `Calls of your programs are refused from now on, until you raise the limit or the month ends on ${date}. The console works as before.`
    : `At 100% calls of your programs are refused until the month ends on ${date}, unless you raise the limit.`;
}
