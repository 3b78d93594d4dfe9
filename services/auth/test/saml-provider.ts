import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { SignedXml } from 'xml-crypto';

const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const MINUTE_MS = 60_000;

/** What is not as it must be in a response. */
export interface SamlTricks {
  readonly audience?: string;
  readonly destination?: string;
  readonly issuer?: string;
  readonly inResponseTo?: string;
  /** By how much the provider's clock differs, in milliseconds. */
  readonly clockMs?: number;
  /** The text of `NameID`, as XML. */
  readonly nameId?: string;
  readonly signatureAlgorithm?: string;
  /** Changes the XML after it was signed. */
  readonly after?: (signed: string) => string;
  readonly isUnsigned?: boolean;
}

/** A SAML identity provider that signs real assertions. */
export class SamlProvider {
  readonly entityId = `https://idp-${randomBytes(4).toString('hex')}.example/saml`;
  readonly entryPoint = 'https://idp.example/sso';
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  /** In place of a certificate: its public key. */
  get certificate(): string {
    return this.#keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  /** What the browser posts after a log-in as the holder of this address. */
  respond(
    authorizationUrl: string,
    email: string,
    tricks: SamlTricks = {},
  ): { response: string; relay_state: string } {
    const { searchParams } = new URL(authorizationUrl);
    const request = inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString(
      'utf8',
    );
    const read = (name: string) => new RegExp(`${name}="([^"]+)"`).exec(request)?.[1] ?? '';
    const audience = /<saml:Issuer[^>]*>([^<]+)</.exec(request)?.[1] ?? '';
    const xml = this.#assertion(email, {
      inResponseTo: read('ID'),
      destination: read('AssertionConsumerServiceURL'),
      audience,
      ...tricks,
    });
    const signed = tricks.isUnsigned ? xml : this.#sign(xml, tricks.signatureAlgorithm ?? RSA_SHA256);
    const sent = tricks.after?.(signed) ?? signed;
    return {
      response: Buffer.from(sent).toString('base64'),
      relay_state: searchParams.get('RelayState') ?? '',
    };
  }

  #assertion(email: string, told: SamlTricks): string {
    const { issuer = this.entityId, inResponseTo = '', destination = '', audience = '', clockMs = 0 } = told;
    const at = (ms: number) => new Date(Date.now() + clockMs + ms).toISOString();
    const id = `_${randomBytes(16).toString('hex')}`;
    return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomBytes(16).toString('hex')}" Version="2.0" IssueInstant="${at(0)}" Destination="${destination}" InResponseTo="${inResponseTo}"><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="${id}" Version="2.0" IssueInstant="${at(0)}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">${told.nameId ?? email}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${at(MINUTE_MS)}" Recipient="${destination}" InResponseTo="${inResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at(-1000)}" NotOnOrAfter="${at(MINUTE_MS)}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at(0)}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="displayName"><saml:AttributeValue>Ada Lovelace</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>`;
  }

  #sign(xml: string, signatureAlgorithm: string): string {
    const signer = new SignedXml({
      privateKey: this.#keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      signatureAlgorithm: signatureAlgorithm as never,
      canonicalizationAlgorithm: EXCLUSIVE,
    });
    signer.addReference({
      xpath: "//*[local-name(.)='Assertion']",
      digestAlgorithm: SHA256,
      transforms: [ENVELOPED, EXCLUSIVE],
    });
    signer.computeSignature(xml, {
      location: { reference: "//*[local-name(.)='Assertion']/*[local-name(.)='Issuer']", action: 'after' },
    });
    return signer.getSignedXml();
  }
}
