import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/browser';
import type { Api } from '../api/portal.ts';

type Challenge = Awaited<ReturnType<Api['logInChallenges']['create']>>;
export type RequestOptions = NonNullable<Challenge['public_key']>;
type CreationOptions = Awaited<ReturnType<Api['passkeys']['begin']>>['public_key'];

/** Loaded when a passkey is used. */
const library = () => import('@simplewebauthn/browser');

/**
 * Whether this page can use passkeys. Browsers bind a passkey to a host name: at an address such as 127.0.0.1 there are
 * none.
 */
export const canUsePasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && !/^[\d.]+$|^\[/.test(location.hostname);

/** Asks the user for one of the passkeys. Rejects when they stop, or have none. */
export async function showPasskey(options: RequestOptions): Promise<AuthenticationResponseJSON> {
  const { startAuthentication } = await library();
  return startAuthentication({ optionsJSON: structuredClone(options) as never });
}

/**
 * Offers the passkeys among the suggestions of the email field, until the user takes one or another passkey dialog opens.
 * Null where the browser has no such suggestions.
 */
export async function offerPasskeys(
  begin: () => Promise<RequestOptions | null>,
): Promise<AuthenticationResponseJSON | null> {
  const { browserSupportsWebAuthnAutofill, startAuthentication } = await library();
  if (!(await browserSupportsWebAuthnAutofill())) return null;
  const options = await begin();
  if (!options) return null;
  return startAuthentication({ optionsJSON: structuredClone(options) as never, useBrowserAutofill: true });
}

/** Ends an offer that nobody took. */
export async function endPasskeyOffer(): Promise<void> {
  const { WebAuthnAbortService } = await library();
  WebAuthnAbortService.cancelCeremony();
}

/** Has the device make a passkey. Rejects when the user stops. */
export async function makePasskey(options: CreationOptions): Promise<RegistrationResponseJSON> {
  const { startRegistration } = await library();
  return startRegistration({ optionsJSON: structuredClone(options) as never });
}

/** A sentence for what the browser reports when no passkey came; the error itself when it is another one. */
export function passkeyTrouble(error: unknown): unknown {
  const { name } = error as { name?: string };
  if (name === 'NotAllowedError' || name === 'AbortError')
    return new Error('No passkey was used: it was cancelled, or took too long.');
  if (name === 'InvalidStateError') return new Error('This device has a passkey of this account already.');
  return error;
}
