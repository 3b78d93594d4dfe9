import { createSsoConnection, SSO_DEFAULT_ROLES } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { certificatesOf, oidcConnectionSchema, readMetadata, samlConnectionSchema } from './sso-schemas.ts';

const GOOD = {
  name: 'Acme ID',
  issuer: 'https://id.acme.example',
  client_id: 'portal',
  client_secret: 'a secret',
  default_role: 'viewer',
};
const asInput = ({ name, default_role, ...oidc }: typeof GOOD) => ({
  kind: 'oidc',
  name,
  default_role,
  oidc,
});

const PEM = '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----';
const SAML = {
  name: 'Acme ID',
  entity_id: 'https://id.acme.example/saml',
  entry_point: 'https://id.acme.example/saml/sso',
  certificates: `Subject: acme\n${PEM}\n\n${PEM}`,
  default_role: 'viewer',
};
const asSaml = ({ name, default_role, certificates, ...saml }: typeof SAML) => ({
  ...{ kind: 'saml', name, default_role },
  saml: { ...saml, certificates: certificatesOf(certificates) },
});

describe('the form of a SAML connection', () => {
  it.each([
    ['is filled in', {}],
    ['has no name', { name: '' }],
    ['has no entity id', { entity_id: '' }],
    ['has no web address', { entry_point: 'javascript:alert(1)' }],
    ['has no certificate', { certificates: 'MIIC' }],
    ['has five certificates', { certificates: PEM.repeat(5) }],
    ['makes owners', { default_role: 'owner' }],
  ])('is accepted exactly when the contract accepts it: it %s', (_, change) => {
    const values = { ...SAML, ...change };
    expect(samlConnectionSchema.safeParse(values).success).toBe(
      createSsoConnection.input.safeParse(asSaml(values)).success,
    );
  });

  it('finds each certificate in a text', () => expect(certificatesOf(SAML.certificates)).toEqual([PEM, PEM]));
});

describe('the metadata of a provider', () => {
  const key = (use: string, text: string) =>
    `<md:KeyDescriptor${use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n  ${text}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
  const service = (binding: string, location: string) =>
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location='${location}'/>`;
  const metadata = (parts: string) =>
    `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="m" entityID="https://id.acme.example/saml"><md:IDPSSODescriptor>${parts}</md:IDPSSODescriptor></md:EntityDescriptor>`;
  const FORMS = service('HTTP-POST', 'https://id.acme.example/post');
  const REDIRECTS = service('HTTP-Redirect', 'https://id.acme.example/sso?a=1&amp;b=2');

  it('fills the form in: the signing keys once each, and the address for redirects', () => {
    const text = metadata(
      key(' use="signing"', 'AAAA') + key('', 'AAAA') + key(' use="encryption"', 'BBBB') + FORMS + REDIRECTS,
    );
    expect(readMetadata(text)).toEqual({
      entity_id: 'https://id.acme.example/saml',
      entry_point: 'https://id.acme.example/sso?a=1&b=2',
      certificates: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    });
    expect(readMetadata(text.replaceAll('md:', '').replaceAll('ds:', ''))).toEqual(readMetadata(text));
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html></html>'],
    ['no key', metadata(REDIRECTS)],
    ['no redirect', metadata(key('', 'AAAA') + FORMS)],
    ['an endless document', `${metadata(key('', 'AAAA') + REDIRECTS)}${' '.repeat(500_000)}`],
  ])('is not found in %s', (_, text) => expect(readMetadata(text)).toBeNull());

  it('is not searched for long in what only begins like it', () => {
    const text = '<IDPSSODescriptor '.repeat(20_000);
    expect(readMetadata(text)).toBeNull();
    expect(readMetadata('<KeyDescriptor><X509Certificate>'.repeat(10_000))).toBeNull();
  });
});

describe('the form of a connection', () => {
  it.each([
    ['is filled in', {}],
    ['has no name', { name: '' }],
    ['has a long name', { name: 'x'.repeat(81) }],
    ['has no web address', { issuer: 'acme' }],
    ['has no client', { client_id: '' }],
    ['has no secret', { client_secret: '' }],
    ['has a long secret', { client_secret: 'x'.repeat(501) }],
    ['makes owners', { default_role: 'owner' }],
  ])('is accepted exactly when the contract accepts it: it %s', (_, change) => {
    const values = { ...GOOD, ...change };
    expect(oidcConnectionSchema.safeParse(values).success).toBe(
      createSsoConnection.input.safeParse(asInput(values)).success,
    );
  });

  it('offers every role that the contract takes', () => {
    for (const role of SSO_DEFAULT_ROLES)
      expect(oidcConnectionSchema.safeParse({ ...GOOD, default_role: role }).success).toBe(true);
  });
});
