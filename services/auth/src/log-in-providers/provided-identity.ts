import { emailSchema } from '@gridworks/contracts';

/** Who somebody is, as a provider has confirmed it. */
export interface ProvidedIdentity {
  /** The provider's own name for the person, which never changes. */
  readonly subject: string;
  /** In lower case; null when the provider names none that can be an address. */
  readonly email: string | null;
  /** Whether the provider says that it has verified the address: true, false, or null when it says nothing. */
  readonly emailVerified: boolean | null;
  readonly name: string | null;
}

const LONGEST_NAME = 120;

/** Takes only texts that a row can hold; everything else in claims of strangers counts as missing. */
export function readIdentity(claims: Readonly<Record<string, unknown>>): ProvidedIdentity {
  const { sub, email, email_verified: verified, name } = claims;
  const address = emailSchema.safeParse(email);
  return {
    subject: String(sub),
    email: address.success ? address.data : null,
    // Some providers send the word instead of the value.
    emailVerified: verified === true || verified === 'true' ? true : verified === undefined ? null : false,
    name: typeof name === 'string' ? readName(name) : null,
  };
}

function readName(name: string): string | null {
  const text = name
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, LONGEST_NAME);
  return text !== '' && text.isWellFormed() ? text : null;
}
