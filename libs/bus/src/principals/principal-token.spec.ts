import { AppError, newId, type Principal } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { publicKeyOf, readPublicKey } from './principal-keys.ts';
import { CLOCK_LEEWAY_MS, PrincipalSigner, PrincipalVerifier, TOKEN_LIFETIME_MS } from './principal-token.ts';

const KEY = 'a key of the test, with enough letters';
const AUDIENCE = 'rpc.support.ticket.list';
const principal: Principal = {
  kind: 'api_key',
  id: newId('apiKey'),
  partner_id: newId('partner'),
  user_id: null,
  role: 'none',
  mode: 'test',
};

/** A gateway and a service with clocks of their own; `pass` advances both clocks. */
function machines(skewMs = 0) {
  let time = 1_800_000_000_000;
  const signer = (signingKey = KEY) => new PrincipalSigner(signingKey, () => time + skewMs);
  const clock = { wall: () => time, monotonic: () => time - 1_799_999_000_000 };
  const verifier = (capacity?: number) => new PrincipalVerifier(publicKeyOf(KEY), capacity, clock);
  return { signer, verifier, pass: (ms: number) => (time += ms) };
}

function refusal(verifier: PrincipalVerifier, token: string, wanted = AUDIENCE): unknown {
  try {
    verifier.verify(token, wanted);
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
  return 'accepted';
}
const REFUSED = 'PLATFORM.UNAUTHENTICATED';

describe('PrincipalVerifier', () => {
  it('returns the signed principal, frozen and the same object each time', () => {
    const { signer, verifier } = machines();
    const token = signer().sign(principal, AUDIENCE);
    const service = verifier();
    expect(service.verify(token, AUDIENCE)).toEqual(principal);
    expect(service.verify(token, AUDIENCE)).toBe(service.verify(token, AUDIENCE));
    expect(Object.isFrozen(service.verify(token, AUDIENCE))).toBe(true);
  });

  it('refuses another key, another payload, another request and malformed tokens', () => {
    const { signer, verifier } = machines();
    const token = signer().sign(principal, AUDIENCE);
    const [payload, signature] = token.split('.') as [string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const richer = Buffer.from(
      JSON.stringify({ ...claims, principal: { ...principal, role: 'platform_admin' } }),
    ).toString('base64url');
    const service = verifier();
    expect(refusal(service, signer('another key').sign(principal, AUDIENCE))).toBe(REFUSED);
    expect(refusal(service, token, 'rpc.auth.api-key.create')).toBe(REFUSED);
    for (const bad of [
      `${richer}.${signature}`,
      `${payload}.`,
      payload,
      `${payload}.${'A'.repeat(86)}`,
      `${payload}.${signature.slice(1)}`,
      '',
      '{"principal":{}}',
      signer().sign({ ...principal, role: 'god' as 'none' }, AUDIENCE),
    ])
      expect(refusal(service, bad)).toBe(REFUSED);
    expect(refusal(service, token)).toBe('accepted');
  });

  it('refuses a token that is too old, also one that it accepted before', () => {
    const { signer, verifier, pass } = machines();
    const service = verifier();
    const token = signer().sign(principal, AUDIENCE);
    expect(refusal(service, token)).toBe('accepted');
    pass(TOKEN_LIFETIME_MS);
    expect(refusal(service, token)).toBe('accepted');
    pass(1);
    expect(refusal(service, token)).toBe(REFUSED);
  });

  it.each([-10, 10])('accepts clocks that differ by %d minutes', (minutes) => {
    const { signer, verifier, pass } = machines(minutes * 60_000);
    const gateway = signer();
    const service = verifier();
    const old = gateway.sign(principal, AUDIENCE);
    expect(refusal(service, old)).toBe('accepted');
    for (let n = 0; n < 20; n++) {
      pass(20_000);
      expect(refusal(service, gateway.sign(principal, AUDIENCE))).toBe('accepted');
    }
    expect(refusal(service, old)).toBe(REFUSED);
  });

  it('tracks the clock of each gateway separately', () => {
    const ahead = machines(10 * 60_000);
    const behind = machines(-10 * 60_000);
    const service = ahead.verifier();
    const tokens = [ahead.signer().sign(principal, AUDIENCE), behind.signer().sign(principal, AUDIENCE)];
    expect(tokens.map((token) => refusal(service, token))).toEqual(['accepted', 'accepted']);
  });

  it('refuses a token of an unknown gateway with an impossible time', () => {
    const { signer, verifier } = machines(-CLOCK_LEEWAY_MS - 1);
    expect(refusal(verifier(), signer().sign(principal, AUDIENCE))).toBe(REFUSED);
  });

  it('remembers no more than its capacity', () => {
    const { signer, verifier } = machines();
    const service = verifier(2);
    const gateway = signer();
    const tokens = [1, 2, 3].map(() => gateway.sign({ ...principal }, AUDIENCE)) as [string, string, string];
    expect(new Set(tokens).size).toBe(1);
    const others = [1, 2, 3].map((n) => gateway.sign({ ...principal, id: `key_${n}` }, AUDIENCE)) as [
      string,
      string,
      string,
    ];
    const first = service.verify(others[0], AUDIENCE);
    service.verify(others[1], AUDIENCE);
    service.verify(others[2], AUDIENCE);
    expect(service.verify(others[2], AUDIENCE)).toBe(service.verify(others[2], AUDIENCE));
    expect(service.verify(others[0], AUDIENCE)).not.toBe(first);
  });
});

describe('PrincipalSigner', () => {
  it('signs the same principal for the same request once in 15 seconds', () => {
    const { signer, pass } = machines();
    const gateway = signer();
    const token = gateway.sign(principal, AUDIENCE);
    pass(14_999);
    expect(gateway.sign(principal, AUDIENCE)).toBe(token);
    expect(gateway.sign(principal, 'rpc.support.ticket.get')).not.toBe(token);
    pass(1);
    expect(gateway.sign(principal, AUDIENCE)).not.toBe(token);
  });
});

describe('the keys', () => {
  it('belong together, and the public one does not reveal the private one', () => {
    expect(publicKeyOf(KEY)).toMatch(/^[\w-]{43}$/);
    expect(publicKeyOf(KEY)).toBe(publicKeyOf(KEY));
    expect(publicKeyOf(KEY)).not.toBe(publicKeyOf(`${KEY}.`));
    expect(() => readPublicKey(KEY)).toThrow(TypeError);
  });
});
