import * as z from 'zod/mini';
import type { Api } from '../api/portal.ts';

export type SsoConnection = Awaited<ReturnType<Api['ssoConnections']['list']>>['data'][number];
export const SSO_KEY = ['sso-connections'] as const;

const text = (most: number, missing: string) =>
  z.string().check(z.trim(), z.minLength(1, missing), z.maxLength(most, `At most ${most} characters`));
const webAddress = (missing: string) =>
  text(500, missing).check(z.url({ protocol: /^https?$/, error: 'This is no web address' }));

const COMMON = {
  name: text(80, 'Enter a name'),
  default_role: z.enum(['developer', 'billing', 'support', 'viewer']),
};

/** The rules of `POST /v1/sso-connections` for OpenID Connect; a spec compares them with the contract. */
export const oidcConnectionSchema = z.object({
  ...COMMON,
  issuer: webAddress('Enter the issuer'),
  client_id: text(300, 'Enter the client id'),
  client_secret: text(500, 'Enter the client secret'),
});
export type OidcConnection = z.output<typeof oidcConnectionSchema>;

/** The same for SAML. `certificates`: all of them in one text, as the forms of providers give them. */
export const samlConnectionSchema = z.object({
  ...COMMON,
  entity_id: text(500, 'Enter the entity id'),
  entry_point: webAddress('Enter the log-in address'),
  certificates: text(32_000, 'Paste the certificate').check(
    z.refine((pem) => certificatesOf(pem).length > 0, 'Expected -----BEGIN CERTIFICATE----- and so on'),
    z.refine((pem) => certificatesOf(pem).length <= 4, 'At most four certificates'),
  ),
});
export type SamlConnection = z.output<typeof samlConnectionSchema>;

const PEM = /-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[\sA-Za-z0-9+/=]+-----END \1-----/g;

/** The certificates, or public keys, of a text, one PEM each. */
export const certificatesOf = (text: string): string[] => text.match(PEM) ?? [];

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
const SIGNATURES = 'http://www.w3.org/2000/09/xmldsig#';
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';

/** What the metadata of an identity provider says of it (SAML 2.0 metadata, 2.4.3); null when it is no such document. */
export function readMetadata(xml: string): Omit<SamlConnection, 'name' | 'default_role'> | null {
  const page = new DOMParser().parseFromString(xml, 'application/xml');
  const provider = page.getElementsByTagNameNS(METADATA, 'IDPSSODescriptor')[0];
  const entityId = provider?.closest('[entityID]')?.getAttribute('entityID');
  const entryPoint = [...(provider?.getElementsByTagNameNS(METADATA, 'SingleSignOnService') ?? [])]
    .find((service) => service.getAttribute('Binding') === REDIRECT)
    ?.getAttribute('Location');
  const keys = [...(provider?.getElementsByTagNameNS(METADATA, 'KeyDescriptor') ?? [])];
  const certificates = keys
    .filter((key) => key.getAttribute('use') !== 'encryption')
    .flatMap((key) => [...key.getElementsByTagNameNS(SIGNATURES, 'X509Certificate')])
    .map(({ textContent }) => pemOf(textContent));
  if (!entityId || !entryPoint || certificates.length === 0) return null;
  return {
    entity_id: entityId,
    entry_point: entryPoint,
    certificates: [...new Set(certificates)].join('\n'),
  };
}

const pemOf = (base64: string): string => {
  const lines = base64.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
};
