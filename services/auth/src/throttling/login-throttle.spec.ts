import { describe, expect, it } from '@jest/globals';
import { memoryLimiters } from '../../test/memory-limiters.ts';
import {
  LOGIN_WINDOW_MS,
  LoginThrottle,
  MAX_TRIES,
  MAX_TRIES_BY_STRANGERS,
  MAX_TRIES_PER_NETWORK,
} from './login-throttle.ts';

const refused = expect.objectContaining({ code: 'AUTH.TOO_MANY_LOGINS' });
const ADA = 'ada@example.com';
const HOME = '192.0.2.1';

describe('LoginThrottle', () => {
  const setUp = () => {
    const throttle = new LoginThrottle(memoryLimiters());
    /** Attempts from a network without an earlier log-in to the account. */
    const guess = (email: string, clientIp?: string) => throttle.admit(email, clientIp, false);
    const knownGuess = (email: string, clientIp: string) => throttle.admit(email, clientIp, true);
    return { guess, knownGuess };
  };

  it('admits ten attempts of one network on one account, then returns how long to wait', async () => {
    const { guess } = setUp();
    for (let i = 0; i < MAX_TRIES; i++) await guess(ADA, HOME);
    const error = await guess(ADA, HOME).catch((thrown) => thrown);
    expect(error).toEqual(refused);
    expect(error.retryAfterMs).toBeGreaterThan(LOGIN_WINDOW_MS - 5000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(LOGIN_WINDOW_MS);
    await guess('eve@example.com', HOME);
  });

  it('admits no more attempts when all arrive at the same moment', async () => {
    const { guess } = setUp();
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => guess(ADA, HOME)));
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(MAX_TRIES);
  });

  it('locks out no other network when one network keeps guessing', async () => {
    const { guess } = setUp();
    for (let i = 0; i < 20 * MAX_TRIES; i++) await guess(ADA, '198.51.100.1').catch(() => undefined);
    await guess(ADA, HOME);
    await guess(ADA, '203.0.113.1');
  });

  it('bounds the guesses of many networks together, and admits the owner from a known network', async () => {
    const { guess, knownGuess } = setUp();
    const all = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) => guess(ADA, `198.51.100.${i}`)),
    );
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(MAX_TRIES_BY_STRANGERS);
    await expect(guess(ADA, HOME)).rejects.toEqual(refused);
    for (let i = 0; i < 3 * MAX_TRIES; i++) await (await knownGuess(ADA, HOME)).succeeded();
    // A known network has the same bound as any other.
    for (let i = 0; i < MAX_TRIES; i++) await knownGuess(ADA, HOME);
    await expect(knownGuess(ADA, HOME)).rejects.toEqual(refused);
  });

  it('resets the count of a network after its log-in to the account, and not the count of unknown networks', async () => {
    const { guess } = setUp();
    for (let i = 0; i < MAX_TRIES_BY_STRANGERS - 1; i++) await guess(ADA, `198.51.100.${i}`);
    for (let i = 0; i < 5 * MAX_TRIES; i++) await (await guess(ADA, HOME)).succeeded();
    await guess(ADA, HOME);
    await expect(guess(ADA, '203.0.113.9')).rejects.toEqual(refused);
  });

  it('does not count an attempt whose password was not checked', async () => {
    const { guess } = setUp();
    for (let i = 0; i < 3 * MAX_TRIES_PER_NETWORK; i++) await (await guess(ADA, HOME)).takeBack();
  });

  it('bounds a network that tries many accounts, without counting its successful log-ins', async () => {
    const { guess } = setUp();
    for (let i = 0; i < 3 * MAX_TRIES_PER_NETWORK; i++)
      await (await guess(`good-${i}@example.com`, HOME)).succeeded();
    for (let i = 0; i < MAX_TRIES_PER_NETWORK; i++) await guess(`bad-${i}@example.com`, HOME);
    await expect(guess(ADA, HOME)).rejects.toEqual(refused);
    await guess(ADA, '192.0.2.2');
  });

  it('counts addresses of one IPv6 network together', async () => {
    const { guess } = setUp();
    for (let i = 0; i < MAX_TRIES_PER_NETWORK; i++)
      await guess(`bad-${i}@example.com`, `2001:db8::${(i + 1).toString(16)}`);
    await expect(guess(ADA, '2001:db8::ffff')).rejects.toEqual(refused);
  });
});
