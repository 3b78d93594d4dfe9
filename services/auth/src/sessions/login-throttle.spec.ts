import { describe, expect, it } from '@jest/globals';
import { MemoryAttemptCounter } from './attempt-counter.ts';
import {
  LOGIN_WINDOW_MS,
  LoginThrottle,
  MAX_TRIES_PER_ACCOUNT,
  MAX_TRIES_PER_NETWORK,
} from './login-throttle.ts';

const refused = expect.objectContaining({ code: 'AUTH.TOO_MANY_LOGINS' });

function setUp() {
  const clock = { now: 0 };
  return { clock, throttle: new LoginThrottle(new MemoryAttemptCounter(10_000, () => clock.now)) };
}

describe('LoginThrottle', () => {
  it('lets ten tries through and says how long to wait then', async () => {
    const { clock, throttle } = setUp();
    for (let i = 0; i < MAX_TRIES_PER_ACCOUNT; i++) await throttle.admit('ada@example.com', undefined);
    clock.now = 60_000;
    await expect(throttle.admit('ada@example.com', undefined)).rejects.toMatchObject({
      code: 'AUTH.TOO_MANY_LOGINS',
      retryAfterMs: LOGIN_WINDOW_MS - 60_000,
    });
    await throttle.admit('eve@example.com', undefined);
    clock.now = LOGIN_WINDOW_MS;
    await throttle.admit('ada@example.com', undefined);
  });

  it('lets no more through when all come at the same moment', async () => {
    const { throttle } = setUp();
    const all = await Promise.allSettled(
      Array.from({ length: 50 }, () => throttle.admit('ada@example.com', '192.0.2.1')),
    );
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(MAX_TRIES_PER_ACCOUNT);
  });

  it('starts an account anew after a log-in that succeeded', async () => {
    const { throttle } = setUp();
    for (let i = 0; i < 5 * MAX_TRIES_PER_ACCOUNT; i++)
      await (await throttle.admit('ada@example.com', '192.0.2.1')).succeeded();
  });

  it('does not count a try whose password nobody looked at', async () => {
    const { throttle } = setUp();
    for (let i = 0; i < 3 * MAX_TRIES_PER_NETWORK; i++)
      await (await throttle.admit('ada@example.com', '192.0.2.1')).takeBack();
  });

  it('bounds a network that tries many accounts, but not for what succeeded there', async () => {
    const { throttle } = setUp();
    for (let i = 0; i < 3 * MAX_TRIES_PER_NETWORK; i++)
      await (await throttle.admit(`good-${i}@example.com`, '192.0.2.1')).succeeded();
    for (let i = 0; i < MAX_TRIES_PER_NETWORK; i++) await throttle.admit(`bad-${i}@example.com`, '192.0.2.1');
    await expect(throttle.admit('ada@example.com', '192.0.2.1')).rejects.toEqual(refused);
    await throttle.admit('ada@example.com', '192.0.2.2');
  });

  it('counts neighbours of one IPv6 network together', async () => {
    const { throttle } = setUp();
    for (let i = 0; i < MAX_TRIES_PER_NETWORK; i++)
      await throttle.admit(`bad-${i}@example.com`, `2001:db8::${(i + 1).toString(16)}`);
    await expect(throttle.admit('ada@example.com', '2001:db8::ffff')).rejects.toEqual(refused);
  });
});
