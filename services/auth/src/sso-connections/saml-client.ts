import { AppError, PROVIDER_REFUSED } from '@gridworks/contracts';
import { ATTEMPT_LIFETIME_MS } from '../log-in-attempts/log-in-attempt.ts';
import { type ProvidedIdentity, readIdentity } from '../log-in-providers/provided-identity.ts';

/** The identity provider of a partner, and what the portal is for it. */
export interface SamlParties {
  readonly entityId: string;
  readonly entryPoint: string;
  readonly certificates: readonly string[];
  /** The entity id of the portal for this connection: the audience of its assertions. */
  readonly audience: string;
  /** Where responses are posted to. */
  readonly acsUrl: string;
}

const CLOCK_SKEW_MS = 60_000;
const MAX_AGE_MS = 5 * 60_000;
/** Attributes in which providers put an address and a name, the usual ones first. */
const ADDRESS_ATTRIBUTES = [
  'email',
  'mail',
  'emailaddress',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  'urn:oid:0.9.2342.19200300.100.1.3',
];
const NAME_ATTRIBUTES = [
  'name',
  'displayName',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
  'urn:oid:2.16.840.1.113730.3.1.241',
];
/** Entities that a parser could expand, and algorithms that are broken. No provider needs them. */
const NEVER = /<!DOCTYPE|<!ENTITY|xmldsig#(rsa-|hmac-|dsa-)?sha1\b|xmldsig-more#(rsa-|hmac-)?md5/i;

/**
 * SAML 2.0 by node-saml: assertions must be signed, for this audience, in answer to one request, and fresh; clocks may differ by a
 * minute. A response that nobody asked for is refused, so that a response counts for one attempt only, which counts once.
 */
export class SamlClient {
  /** Where the browser goes. @param requestId of the attempt @param relayState comes back with the response */
  async authorizationUrl(parties: SamlParties, requestId: string, relayState: string): Promise<string> {
    const saml = await clientOf(parties, requestId);
    return saml.getAuthorizeUrlAsync(relayState, undefined, {});
  }

  /** What the provider must know of the portal, as XML. */
  async metadata(parties: SamlParties): Promise<string> {
    return (await clientOf(parties, '')).generateServiceProviderMetadata(null);
  }

  /**
   * The person of a response. Rejects with `AUTH.PROVIDER_REFUSED` for everything that must not count.
   * @param response base64 of the XML, as the browser posted it
   */
  async identity(parties: SamlParties, requestId: string, response: string): Promise<ProvidedIdentity> {
    if (NEVER.test(Buffer.from(response, 'base64').toString('utf8')))
      throw new AppError(PROVIDER_REFUSED, {
        detail: 'The response has a DOCTYPE, or a signature by SHA-1 or MD5.',
      });
    try {
      const saml = await clientOf(parties, requestId);
      const { profile, loggedOut } = await saml.validatePostResponseAsync({ SAMLResponse: response });
      if (!profile || loggedOut || !profile.nameID) throw new Error('there is no assertion of a person');
      // node-saml compares the issuer of log-outs only.
      if (profile.issuer !== parties.entityId) throw new Error('the assertion is of another issuer');
      const isAddress = profile.nameIDFormat?.endsWith(':emailAddress') === true;
      return readIdentity({
        sub: profile.nameID,
        email: attributeOf(profile, ADDRESS_ATTRIBUTES) ?? (isAddress ? profile.nameID : undefined),
        name: attributeOf(profile, NAME_ATTRIBUTES),
      });
    } catch (error) {
      throw new AppError(PROVIDER_REFUSED, { cause: error });
    }
  }
}

async function clientOf(
  { entityId, entryPoint, certificates, audience, acsUrl }: SamlParties,
  requestId: string,
) {
  const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml');
  return new SAML({
    ...{ entryPoint, audience, issuer: audience, callbackUrl: acsUrl },
    idpCert: [...certificates],
    idpIssuer: entityId,
    wantAssertionsSigned: true,
    // Responses need no signature of their own: only what the signed assertion says is read.
    wantAuthnResponseSigned: false,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    acceptedClockSkewMs: CLOCK_SKEW_MS,
    maxAssertionAgeMs: MAX_AGE_MS,
    validateInResponseTo: ValidateInResponseTo.always,
    requestIdExpirationPeriodMs: ATTEMPT_LIFETIME_MS,
    generateUniqueId: () => requestId,
    // The attempt remembers its request, so that nothing else has to: exactly one id is known here.
    cacheProvider: {
      saveAsync: async (_key, value) => ({ value, createdAt: Date.now() }),
      getAsync: async (key) => (key === requestId ? new Date().toISOString() : null),
      removeAsync: async (key) => key,
    },
  });
}

/** The first attribute that is one text. */
function attributeOf(
  profile: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = profile[name];
    if (typeof value === 'string') return value;
  }
  return undefined;
}
