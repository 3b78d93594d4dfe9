import { describe, expect, it } from '@jest/globals';
import { troubleOf } from '../ui/problem.ts';
import { retryLater } from './query-client.ts';
import { repeatAfterLogIn } from './repeat-after-log-in.ts';

const refused = (status: number | null, code = 'X.Y', retryAfterMs: number | null = null) =>
  Object.assign(new Error(code), { code, status, requestId: null, retryAfterMs, errors: [] });

describe('a call without a session', () => {
  it('is repeated after the log-in', async () => {
    let calls = 0;
    const call = async () => {
      if (++calls === 1) throw refused(401);
      return calls;
    };
    expect(await repeatAfterLogIn(call, async () => true)).toBe(2);
  });
  it('fails with its first error when nobody logs in, without a second call', async () => {
    let calls = 0;
    const call = async () => {
      calls++;
      throw refused(401);
    };
    await expect(repeatAfterLogIn(call, async () => false)).rejects.toMatchObject({ status: 401 });
    await expect(repeatAfterLogIn(call, async () => true)).rejects.toMatchObject({ status: 401 });
    expect(calls).toBe(3);
  });
  it('with another error opens no log-in', async () => {
    const call = () => Promise.reject(refused(403));
    await expect(repeatAfterLogIn(call, () => Promise.reject(new Error('asked')))).rejects.toMatchObject({
      status: 403,
    });
  });
});

describe('a call that an open breaker stops', () => {
  const stopped = (cause: unknown) => Object.assign(refused(null, 'CLIENT.BREAKER_OPEN', 4000), { cause });
  it('is explained by the failure that opened the breaker', () => {
    expect(troubleOf(stopped(refused(null, 'CLIENT.CONNECTION_FAILED')))).toMatchObject({
      code: 'CLIENT.CONNECTION_FAILED',
      message: expect.stringContaining('cannot be reached'),
      passing: true,
    });
    expect(troubleOf(stopped(refused(503, 'PLATFORM.UNAVAILABLE')))).toMatchObject({ status: 503 });
  });
  it('is explained by the breaker when that failure is unknown', () =>
    expect(troubleOf(stopped(undefined))).toMatchObject({ code: 'CLIENT.BREAKER_OPEN', passing: true }));
});

describe('a failed query', () => {
  it('waits longer each time, a minute at most', () => {
    expect([1, 2, 3, 9].map((failures) => retryLater(refused(503), failures))).toEqual([
      4000, 8000, 16_000, 60_000,
    ]);
  });
  it('waits for the time in the response', () =>
    expect(retryLater(refused(429, 'X.Y', 90_000), 1)).toBe(90_000));
  it('is not repeated when waiting does not help', () => {
    expect(retryLater(refused(404), 1)).toBe(false);
    expect(retryLater(new TypeError('bug'), 1)).toBe(false);
    expect(retryLater(null, 0)).toBe(false);
  });
  it('without a response is tried again', () => {
    expect(retryLater(refused(null, 'CLIENT.CONNECTION_FAILED'), 1)).toBe(4000);
  });
});
