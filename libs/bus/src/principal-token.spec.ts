import { AppError, newId, type Principal } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { PrincipalSigner, PrincipalVerifier, signPrincipal, verifyPrincipal } from './principal-token.ts';

const key = 'a key of the test';
const principal: Principal = {
  kind: 'api_key',
  id: newId('apiKey'),
  partner_id: newId('partner'),
  user_id: null,
  role: 'none',
  mode: 'test',
};
const soon = () => Date.now() + 60_000;

function refusal(token: string, signingKey = key): unknown {
  try {
    verifyPrincipal(token, signingKey);
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
  return 'accepted';
}

describe('verifyPrincipal', () => {
  it('gives back what was signed', () => {
    expect(verifyPrincipal(signPrincipal(principal, key, soon()), key)).toEqual(principal);
  });

  it('refuses another key, another payload, an expired and a malformed token', () => {
    const token = signPrincipal(principal, key, soon());
    const [payload, signature] = token.split('.') as [string, string];
    const richer = Buffer.from(
      JSON.stringify({ principal: { ...principal, role: 'admin' }, expires_at: soon() }),
    ).toString('base64url');
    const refused = 'PLATFORM.UNAUTHENTICATED';
    expect(refusal(signPrincipal(principal, 'another key', soon()))).toBe(refused);
    expect(refusal(`${richer}.${signature}`)).toBe(refused);
    expect(refusal(`${payload}.`)).toBe(refused);
    expect(refusal(payload)).toBe(refused);
    expect(refusal(`${payload}.${'A'.repeat(43)}`)).toBe(refused);
    expect(refusal('')).toBe(refused);
    expect(refusal('{"principal":{}}')).toBe(refused);
    expect(refusal(signPrincipal(principal, key, Date.now() - 1))).toBe(refused);
    expect(refusal(signPrincipal({ ...principal, role: 'god' as 'none' }, key, soon()))).toBe(refused);
  });
});

describe('PrincipalVerifier', () => {
  it('refuses a token that it accepted before, once it has expired', () => {
    const verifier = new PrincipalVerifier(key);
    const token = signPrincipal(principal, key, 2000);
    expect(verifier.verify(token, 1999)).toBe(verifier.verify(token, 1999));
    expect(() => verifier.verify(token, 2000)).toThrow(AppError);
    expect(() => verifier.verify(token, 1999)).not.toThrow();
  });

  it('remembers no more than its capacity', () => {
    const verifier = new PrincipalVerifier(key, 2);
    const tokens = [1, 2, 3].map((n) => signPrincipal(principal, key, soon() + n)) as [
      string,
      string,
      string,
    ];
    const first = verifier.verify(tokens[0]);
    verifier.verify(tokens[1]);
    verifier.verify(tokens[2]);
    expect(verifier.verify(tokens[2])).toBe(verifier.verify(tokens[2]));
    expect(verifier.verify(tokens[0])).not.toBe(first);
  });
});

describe('PrincipalSigner', () => {
  it('signs the same principal once in four minutes', () => {
    const signer = new PrincipalSigner(key);
    const token = signer.sign(principal, 0);
    expect(signer.sign(principal, 4 * 60_000 - 1)).toBe(token);
    expect(signer.sign(principal, 4 * 60_000)).not.toBe(token);
  });
});
