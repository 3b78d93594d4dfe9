import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
  /** A page of its own once it listens. */
  entryPoint = 'https://idp.example/sso';
  #server: Server | undefined;
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  /** In place of a certificate: its public key. */
  get certificate(): string {
    return this.#keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  /** Serves its log-in on loopback: whoever comes is the holder of this address. */
  async listen(email: string): Promise<void> {
    this.#server = createServer((request, response) => {
      // Browsers ask for a picture of the site, too.
      if (!request.url?.startsWith('/sso?')) return void response.writeHead(404).end();
      const { response: saml, relay_state: state } = this.respond(`http://idp${request.url}`, email);
      const acs = this.#acsOf(`http://idp${request.url}`);
      response.setHeader('content-type', 'text/html').end(
        `<title>Identity provider</title><form method="post" action="${acs}"><input type="hidden" name="SAMLResponse" value="${saml}">
         <input type="hidden" name="RelayState" value="${state}"><button>Log in at the provider</button></form>`,
      );
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    this.entryPoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/sso`;
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  /** Its metadata, with a certificate that is none. */
  get metadata(): string {
    return `<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${this.entityId}"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>
      ${'MIIC'.repeat(40)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/post"/><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${this.entryPoint}"/></IDPSSODescriptor></EntityDescriptor>`;
  }

  /** What the browser posts after a log-in as the holder of this address. */
  respond(
    authorizationUrl: string,
    email: string,
    tricks: SamlTricks = {},
  ): { response: string; relay_state: string } {
    const { searchParams } = new URL(authorizationUrl);
    const request = requestIn(authorizationUrl);
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

  #acsOf(authorizationUrl: string): string {
    return /AssertionConsumerServiceURL="([^"]+)"/.exec(requestIn(authorizationUrl))?.[1] ?? '';
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

/** The XML of the request that an address carries (SAML 2.0 bindings, HTTP-Redirect). */
const requestIn = (address: string): string =>
  inflateRawSync(Buffer.from(new URL(address).searchParams.get('SAMLRequest') ?? '', 'base64')).toString(
    'utf8',
  );
