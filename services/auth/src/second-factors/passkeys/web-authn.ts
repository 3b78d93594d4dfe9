import type {
  beginPasskey,
  OutputOf,
  ParsedInputOf,
  PasskeyProof,
  PasskeyRequest,
  registerPasskey,
} from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { VerifiedRegistrationResponse } from '@simplewebauthn/server';
import { CHALLENGE_LIFETIME_MS, type Challenge } from '../challenges/challenge.ts';
import { descriptorOf, type Passkey } from './passkey.ts';

interface WebAuthnConfig {
  /** The origins of the pages that may use passkeys: `https://portal.example.com`. */
  readonly AUTH_PUBLIC_ORIGINS: readonly string[];
  /** The domain that passkeys are for. Default: the host of the first origin. */
  readonly AUTH_RP_ID?: string | undefined;
}

// Ed25519, ES256, RS256: what devices have, in the order of preference.
const ALGORITHMS = [-8, -7, -257];
// Loaded with the first challenge, while the person looks for the passkey: most processes never need it, it takes memory, and
// loading takes a part of a request's two seconds.
const library = () => import('@simplewebauthn/server');
const warmUp = (): void => void library().catch(() => undefined);

type CreationOptions = OutputOf<typeof beginPasskey>['public_key'];
type NewPasskey = ParsedInputOf<typeof registerPasskey>['passkey'];
type Registered = NonNullable<VerifiedRegistrationResponse['registrationInfo']>;

/**
 * WebAuthn Level 3, as this portal uses it: discoverable credentials, and the device must verify its person, so that a
 * passkey is two factors by itself. No attestation: any device is welcome.
 */
@Injectable()
export class WebAuthn {
  readonly #origins: string[];
  readonly #rpId: string;

  constructor(@Inject(CONFIG) { AUTH_PUBLIC_ORIGINS: origins, AUTH_RP_ID: rpId }: WebAuthnConfig) {
    this.#origins = [...origins];
    this.#rpId = rpId ?? new URL(origins[0] as string).hostname;
  }

  /** The options for `navigator.credentials.create()`. */
  creationOptions(
    { nonce }: Challenge,
    user: { readonly id: string; readonly email: string },
    known: readonly Passkey[],
  ): CreationOptions {
    warmUp();
    return {
      rp: { id: this.#rpId, name: 'GridWorks' },
      user: {
        id: Buffer.from(user.id).toString('base64url'),
        name: user.email,
        displayName: user.email,
      },
      challenge: nonce,
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
      timeout: CHALLENGE_LIFETIME_MS,
      excludeCredentials: known.map(descriptorOf),
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      attestation: 'none',
    };
  }

  /** The options for `navigator.credentials.get()`. Without passkeys the person chooses among all of this domain. */
  requestOptions({ nonce }: Challenge, passkeys: readonly Passkey[] = []): PasskeyRequest {
    warmUp();
    return {
      challenge: nonce,
      timeout: CHALLENGE_LIFETIME_MS,
      rpId: this.#rpId,
      allowCredentials: passkeys.map(descriptorOf),
      userVerification: 'required',
    };
  }

  /** What a new passkey is; null when it does not fit the challenge, the origin or the domain. */
  async register({ nonce }: Challenge, passkey: NewPasskey): Promise<Registered | null> {
    const { verifyRegistrationResponse } = await library();
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...passkey, clientExtensionResults: {} } as never,
      ...this.#expected(nonce),
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch(refused);
    return verified && registrationInfo ? registrationInfo : null;
  }

  /** The new counter of the device; null when the signature, challenge, origin, domain, person or counter is wrong. */
  async check({ nonce }: Challenge, passkey: Passkey, proof: PasskeyProof): Promise<number | null> {
    const { userHandle } = proof.response;
    if (userHandle && userHandle !== Buffer.from(passkey.user_id).toString('base64url')) return null;
    const { verifyAuthenticationResponse } = await library();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...proof, clientExtensionResults: {} } as never,
      ...this.#expected(nonce),
      credential: {
        id: passkey.credential_id,
        publicKey: new Uint8Array(Buffer.from(passkey.public_key, 'base64url')),
        counter: Number(passkey.counter),
      },
    }).catch(refused);
    return verified && authenticationInfo ? authenticationInfo.newCounter : null;
  }

  #expected(nonce: string) {
    return {
      expectedChallenge: nonce,
      expectedOrigin: this.#origins,
      expectedRPID: this.#rpId,
      requireUserVerification: true,
    };
  }
}

/** The library throws for everything that does not fit. */
function refused(): { verified: false; registrationInfo?: never; authenticationInfo?: never } {
  return { verified: false };
}
