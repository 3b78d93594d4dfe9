import { PAYMENT_MAILS, SPENDING_MAILS } from '@gridworks/contracts';
import { type Email, type Letter, renderLetterAsHtml, renderLetterAsText } from '@gridworks/notifications';
import { type PaymentMailContent, paymentLetter } from './payment-letter.ts';
import { type SpendingMailContent, spendingLetter } from './spending-letter.ts';

/** Everything that decides about the text of an account mail. */
export type AccountMailContent =
  | PaymentMailContent
  | SpendingMailContent
  | { readonly mail: 'confirm-email'; readonly link: string; readonly days: number }
  | { readonly mail: 'reset-password'; readonly link: string; readonly minutes: number }
  | { readonly mail: 'password-changed'; readonly link: string; readonly at: Date }
  | {
      readonly mail: 'invitation';
      readonly link: string;
      /** Null for an invitation to GridWorks itself. */
      readonly partner: string | null;
      readonly role: string;
      readonly by: string;
      readonly expiresAt: Date;
    }
  | {
      readonly mail: 'role-changed';
      readonly link: string;
      readonly partner: string;
      readonly role: string;
    }
  | { readonly mail: 'member-removed'; readonly partner: string }
  | {
      readonly mail: 'provisioned';
      readonly link: string;
      readonly partner: string;
      /** For how many days the link to choose a password works; null for a person who has one. */
      readonly days: number | null;
    }
  | { readonly mail: 'domain-lapsed'; readonly link: string; readonly domain: string }
  | {
      readonly mail: 'factor-added' | 'factor-removed';
      readonly link: string;
      /** In words: `the passkey “Laptop”`. */
      readonly factor: string;
    }
  | { readonly mail: 'recovery-code-used'; readonly link: string; readonly left: string }
  | {
      readonly mail: 'key-leaked';
      readonly link: string;
      readonly key: string;
      readonly last4: string;
      /** Whether the key was ended at once. */
      readonly revoked: boolean;
      /** Where it was found; empty when that is not known. */
      readonly url: string;
      readonly at: Date;
    };

const UNASKED = 'If you did not ask for this mail, you need not do anything.';

/** The mail to one person. */
export function composeAccountMail(to: string, content: AccountMailContent): Email {
  const letter = letterOf(content);
  return {
    to: [to],
    subject: letter.heading,
    text: renderLetterAsText(letter),
    html: renderLetterAsHtml(letter),
    // RFC 3834: programs that answer mail by themselves leave it alone.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

const isPayment = (content: AccountMailContent): content is PaymentMailContent =>
  (PAYMENT_MAILS as readonly string[]).includes(content.mail);
const isSpending = (content: AccountMailContent): content is SpendingMailContent =>
  (SPENDING_MAILS as readonly string[]).includes(content.mail);

function letterOf(content: AccountMailContent): Letter {
  if (isPayment(content)) return paymentLetter(content);
  if (isSpending(content)) return spendingLetter(content);
  switch (content.mail) {
    case 'confirm-email':
      return {
        heading: 'Confirm your email address',
        lines: ['Welcome to the GridWorks Partner Portal. Confirm that this address is yours.'],
        button: { text: 'Confirm the address', url: content.link },
        notes: [`The link works for ${content.days} days.`, UNASKED],
      };
    case 'reset-password':
      return {
        heading: 'Choose a new password',
        lines: ['Somebody, probably you, wants to set a new password for your account.'],
        button: { text: 'Choose a new password', url: content.link },
        notes: [
          `The link works once, for ${content.minutes} minutes. All your sessions end when the password changes.`,
          `${UNASKED} Your password stays as it is.`,
        ],
      };
    case 'password-changed':
      return {
        heading: 'Your password was changed',
        lines: [
          `The password of your account was changed at ${minute(content.at)} (UTC). All other sessions have ended.`,
        ],
        button: { text: 'It was not me: set another password', url: content.link },
        notes: ['If it was you, you need not do anything.'],
      };
    case 'invitation':
      return {
        heading: `${content.by} invites you to ${content.partner ?? 'GridWorks'}`,
        lines: [
          content.partner === null
            ? `You are invited to run the GridWorks Partner Portal, with the role ${content.role}.`
            : `You are invited to work for ${content.partner} in the GridWorks Partner Portal, with the role ${content.role}.`,
        ],
        button: { text: 'See the invitation', url: content.link },
        notes: [
          `The link works until ${minute(content.expiresAt)} (UTC).`,
          'If you do not know the sender, you need not do anything.',
        ],
      };
    case 'role-changed':
      return {
        heading: `Your role in ${content.partner} is now ${content.role}`,
        lines: [`An owner or admin of ${content.partner} gave you the role ${content.role}.`],
        button: { text: 'Open the portal', url: content.link },
        notes: ['Ask an owner of the partner when you did not expect this.'],
      };
    case 'factor-added':
      return {
        heading: `You can log in with ${content.factor}`,
        lines: [`You added ${content.factor} to your account.`],
        button: { text: 'It was not me: set another password', url: content.link },
        notes: ['If it was you, you need not do anything.'],
      };
    case 'factor-removed':
      return {
        heading: `You can no longer log in with ${content.factor}`,
        lines: [`You removed ${content.factor} from your account.`],
        button: { text: 'It was not me: set another password', url: content.link },
        notes: ['If it was you, you need not do anything.'],
      };
    case 'recovery-code-used':
      return {
        heading: 'A recovery code of yours was used',
        lines: [`Somebody logged in to your account with a recovery code. ${content.left} of them are left.`],
        button: { text: 'It was not me: set another password', url: content.link },
        notes: ['If it was you, make new codes when few are left.'],
      };
    case 'member-removed':
      return {
        heading: `You no longer belong to ${content.partner}`,
        lines: [`An owner or admin removed you from ${content.partner}. Your account stays.`],
        notes: ['Ask an owner of the partner when you did not expect this.'],
      };
    case 'provisioned':
      return {
        heading: `You belong to ${content.partner} in the GridWorks Partner Portal`,
        lines: [
          content.days === null
            ? `The directory of ${content.partner} has made you a member. Log in as before.`
            : `The directory of ${content.partner} has made an account for you. Choose a password to log in with it.`,
        ],
        button: { text: content.days === null ? 'Open the portal' : 'Choose a password', url: content.link },
        notes: [
          ...(content.days === null
            ? []
            : [
                `The link works once, for ${content.days} days. Later, “Forgot your password” makes another one.`,
              ]),
          `Ask the people who run ${content.partner} when you did not expect this.`,
        ],
      };
    case 'domain-lapsed':
      return {
        heading: `${content.domain} is no longer verified`,
        lines: [
          `The TXT record that proves that ${content.domain} is yours has been missing for a week. Nobody new can be provisioned with an address of it. People who are members stay.`,
        ],
        button: { text: 'See the record', url: content.link },
        notes: ['Publish the record again, then verify the domain on this page.'],
      };
    case 'key-leaked':
      return {
        heading: content.revoked
          ? `Your API key “${content.key}” was found in public and has ended`
          : `Your API key “${content.key}” was found in public`,
        lines: [
          `A secret scanner found the key that ends in ${content.last4} at ${minute(content.at)} (UTC)${content.url === '' ? '' : `: ${content.url}`}`,
          content.revoked
            ? 'Calls with it are refused from now on. Make another key for your program.'
            : 'It still works, for whoever has it. Replace it now.',
        ],
        button: { text: content.revoked ? 'Make another key' : 'Replace the key', url: content.link },
        notes: ['Look at the usage of the key for calls that are not yours.'],
      };
  }
}

/** `2026-11-29 21:05`, UTC. */
const minute = (at: Date): string => at.toISOString().slice(0, 16).replace('T', ' ');
