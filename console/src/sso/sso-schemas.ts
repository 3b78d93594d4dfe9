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

const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
/** Larger ones are those of a whole federation. */
const MOST_CHARACTERS = 500_000;

const start = (name: string) => `<(?:[\\w.-]+:)?${name}\\b([^<>]*)>`;
const elements = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`${start(name)}([^]*?)</(?:[\\w.-]+:)?${name}\\s*>`, 'g'))].map(
    ([, attributes = '', content = '']) => ({ attributes, content }),
  );
const attribute = (attributes: string, name: string): string | undefined =>
  new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1]?.replaceAll('&amp;', '&');

/**
 * What the metadata of an identity provider says of it (SAML 2.0 metadata, 2.4.3); null when it is no such document. Reads no more of
 * XML than this takes: the policy of the console lets no page parse a text into a document.
 */
export function readMetadata(xml: string): Omit<SamlConnection, 'name' | 'default_role'> | null {
  if (xml.length > MOST_CHARACTERS) return null;
  const entityId = attribute(new RegExp(start('EntityDescriptor')).exec(xml)?.[1] ?? '', 'entityID');
  const provider = elements(xml, 'IDPSSODescriptor')[0]?.content ?? '';
  const entryPoint = [...provider.matchAll(new RegExp(start('SingleSignOnService'), 'g'))]
    .map(([, attributes = '']) => attributes)
    .filter((attributes) => attribute(attributes, 'Binding') === REDIRECT)
    .map((attributes) => attribute(attributes, 'Location'))[0];
  const certificates = elements(provider, 'KeyDescriptor')
    .filter(({ attributes }) => attribute(attributes, 'use') !== 'encryption')
    .flatMap(({ content }) => elements(content, 'X509Certificate'))
    .map(({ content }) => pemOf(content));
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
