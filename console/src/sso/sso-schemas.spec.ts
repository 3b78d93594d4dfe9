import { createSsoConnection, SSO_DEFAULT_ROLES } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { certificatesOf, oidcConnectionSchema, samlConnectionSchema } from './sso-schemas.ts';

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
