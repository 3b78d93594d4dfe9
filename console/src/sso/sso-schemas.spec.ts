import { createSsoConnection, SSO_DEFAULT_ROLES } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { oidcConnectionSchema } from './sso-schemas.ts';

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
