import { describe, expect, it } from '@jest/globals';
import { memoryLimiters } from '../../test/memory-limiters.ts';
import { MAX_REGISTRATIONS, MAX_TAKEN, RegistrationThrottle } from './registration-throttle.ts';

const refused = expect.objectContaining({ code: 'AUTH.TOO_MANY_REGISTRATIONS', kind: 'rate_limited' });

describe('RegistrationThrottle', () => {
  it('lets a network learn of few taken addresses, also at the same moment', async () => {
    const throttle = new RegistrationThrottle(memoryLimiters());
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => throttle.admit('192.0.2.1')));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(MAX_TAKEN);
    await expect(throttle.admit('192.0.2.1')).rejects.toEqual(refused);
    await throttle.admit('192.0.2.2');
  });

  it('bounds successful registrations, since they reveal that an address was free', async () => {
    const throttle = new RegistrationThrottle(memoryLimiters());
    for (let i = 0; i < MAX_REGISTRATIONS; i++) await (await throttle.admit('2001:db8::1')).succeeded();
    await expect(throttle.admit('2001:db8::2')).rejects.toEqual(refused);
  });

  it('does not count an attempt whose address was not checked', async () => {
    const throttle = new RegistrationThrottle(memoryLimiters());
    for (let i = 0; i < 2 * MAX_REGISTRATIONS; i++) await (await throttle.admit('192.0.2.1')).takeBack();
  });
});
