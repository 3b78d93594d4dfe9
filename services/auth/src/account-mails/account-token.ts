/** A row of `account_tokens`: the secret of a link in a mail, as its digest. A person has one for each purpose. */
export interface AccountToken {
  readonly id: string;
  readonly user_id: string;
  readonly purpose: 'confirm-email' | 'reset-password' | 'choose-password';
  /** The address that the mail went to. */
  readonly email: string;
  readonly digest: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/** How long a link works, in milliseconds. */
export const LINK_LIFETIMES_MS = {
  'confirm-email': 3 * 86_400_000,
  'reset-password': 3_600_000,
  /** For somebody who did not ask for the mail, and has no password yet. */
  'choose-password': 7 * 86_400_000,
} as const;
