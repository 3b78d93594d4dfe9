import { describe, expect, it } from '@jest/globals';
import { PUBLIC_REQUESTS } from './registry.ts';

/**
 * Writes without an idempotency key whose repeat has another result than the first call, with the reason why
 * that does no harm.
 */
const NO_KEY: Readonly<Record<string, string>> = {
  'POST /v1/sessions': 'a log-in may be repeated, and an answer that holds a token is kept nowhere',
  'POST /v1/browser-sessions': 'as a log-in by token',
  'POST /v1/admin/impersonations': 'as a log-in by token',
  'POST /v1/browser-sessions/switch': 'a repeat is refused: the session that it came with has ended',
  'POST /v1/me/email-confirmation': 'a repeat sends another mail, whose link replaces the one before',
  'POST /v1/password-resets': 'a repeat sends another mail, whose link replaces the one before',
  'POST /v1/password-resets/complete': 'a repeat is refused: the link works once',
  'DELETE /v1/me/memberships/:id': 'a repeat finds nothing, and says so',
  'DELETE /v1/me/applications/:id': 'a repeat finds nothing, and says so',
  'DELETE /v1/members/:id': 'a repeat finds nothing, and says so',
  'POST /v1/invitations/accept': 'a repeat is refused: the link works once',
  'POST /v1/invitations/join': 'a repeat is refused: the link works once',
  'POST /v1/invitations/:id/resend': 'a repeat sends another mail, whose link replaces the one before',
  'DELETE /v1/invitations/:id': 'a repeat finds nothing, and says so',
  'DELETE /v1/budget': 'a repeat finds nothing, and says so',
  'DELETE /v1/domains/:id': 'a repeat finds nothing, and says so',
  'DELETE /v1/roles/:id': 'a repeat finds nothing, and says so',
  'POST /v1/sessions/complete': 'its challenge and code count once',
  'POST /v1/browser-sessions/complete': 'its challenge and code count once',
  'POST /v1/browser-sessions/recover': 'its code counts once',
  'POST /v1/step-ups': 'as a log-in; its code or challenge counts once',
  'POST /v1/me/totp/confirm': 'a repeat is refused, and an answer that holds recovery codes is kept nowhere',
  'DELETE /v1/me/totp': 'a repeat finds nothing, and says so',
  'POST /v1/me/recovery-codes': 'an answer that holds secrets is kept nowhere; new codes can be made anew',
  'POST /v1/me/passkeys':
    'its challenge counts once, and an answer that holds recovery codes is kept nowhere',
  'DELETE /v1/me/passkeys/:id': 'a repeat finds nothing, and says so',
  'PUT /v1/me/password': 'a repeat is refused, since the old password is no longer right',
  'POST /v1/log-in/attempts': 'as a challenge: the one before is still valid, and ends by itself',
  'POST /v1/log-in/attempts/complete': 'its attempt counts once',
  'POST /v1/log-in/attempts/register': 'its attempt counts once',
  'POST /v1/me/external-identities/attempts': 'as a log-in attempt',
  'POST /v1/me/external-identities': 'its attempt counts once',
  'DELETE /v1/me/external-identities/:id': 'a repeat finds nothing, and says so',
  'POST /v1/step-ups/attempts': 'as a log-in attempt',
  'POST /v1/step-ups/external': 'its attempt counts once',
  'DELETE /v1/sso-connections/:id': 'a repeat finds nothing, and says so',
  'DELETE /v1/admin/partners/:id/limits/:name': 'a repeat finds nothing, and says so',
  'DELETE /v1/admin/plan-versions/:id': 'a repeat finds nothing, and says so',
  'POST /v1/sso-connections/:id/tests': 'as a log-in attempt',
  'POST /v1/sso-connections/test-results': 'its attempt counts once',
  'POST /v1/log-in/sso': 'as a log-in attempt',
  'POST /v1/payment-methods/setup': 'only opens a page of the payment provider',
  'DELETE /v1/payment-methods/:id': 'a repeat finds nothing, and says so',
  'POST /v1/demo-sessions': 'a sandbox in memory that ends by itself',
  'POST /v1/demo-sessions/:id/fault': 'without effect while the fault before is being healed',
  'DELETE /v1/admin/pauses/:id': 'a repeat finds nothing, and says so',
  'DELETE /v1/admin/patterns/:id': 'a repeat finds nothing, and says so',
};

describe('a write of the public API', () => {
  const writes = PUBLIC_REQUESTS.filter(({ http }) => http.method !== 'GET');

  it.each(writes.map(({ http, ...contract }) => [`${http.method} ${http.path}`, http, contract] as const))(
    '%s takes an idempotency key, may be repeated as it is, or has a reason',
    (address, http, { repeatable }) => {
      const isSafe = http.idempotent === true || repeatable;
      expect({ address, isSafe, reason: NO_KEY[address] }).toEqual({
        ...{ address, isSafe },
        reason: isSafe ? undefined : expect.any(String),
      });
    },
  );

  it('is in the list of reasons only while it exists', () => {
    const addresses = writes.map(({ http }) => `${http.method} ${http.path}`);
    expect(Object.keys(NO_KEY).filter((one) => !addresses.includes(one))).toEqual([]);
  });
});
