import { AppError, INVALID_INPUT } from '@gridworks/contracts';
import { CircuitOpenError, classify } from '@gridworks/resilience';
import { describe, expect, it } from '@jest/globals';
import { ClientOfflineError, ErrorReply, SocketClosedUnexpectedlyError } from '@redis/client';
import {
  asPoisoned,
  explainRedisError,
  leftNothing,
  PoisonedEntryError,
  RedisTimeoutError,
} from './redis.errors.ts';

describe('explainRedisError', () => {
  it.each([
    ['never sent', new ClientOfflineError(), 'PLATFORM.UNAVAILABLE'],
    [
      'refused while it loads',
      new ErrorReply('LOADING Redis is loading the dataset in memory'),
      'PLATFORM.UNAVAILABLE',
    ],
    [
      'refused by a breaker',
      new CircuitOpenError('gateway.redis.count', 'redis', 500, undefined),
      'PLATFORM.UNAVAILABLE',
    ],
    ['no answer', new RedisTimeoutError(250), 'PLATFORM.DEADLINE_EXCEEDED'],
    ['connection broke', new SocketClosedUnexpectedlyError(), 'PLATFORM.DEADLINE_EXCEEDED'],
  ])('%s', (_what, error, code) => {
    expect(explainRedisError(error)).toMatchObject({ code, retryable: true, cause: error });
  });

  it('passes the replies of Redis about the command itself on', () => {
    for (const error of [new ErrorReply('WRONGTYPE LOADING'), new AppError(INVALID_INPUT), 'text'])
      expect(explainRedisError(error)).toBe(error);
  });
});

describe('leftNothing', () => {
  it.each([
    [new ClientOfflineError(), true],
    [new ErrorReply('WRONGTYPE Operation against a key holding the wrong kind of value'), true],
    [new ErrorReply('ERR value is not an integer or out of range script: 2a, on @user_script:2.'), false],
    [new PoisonedEntryError('WRONGTYPE'), true],
    [new SocketClosedUnexpectedlyError(), false],
    [new RedisTimeoutError(250), false],
    [new TypeError('x'), false],
    ['text', false],
  ])('%s: %s', (error, expected) => {
    expect(leftNothing(error)).toBe(expected);
  });
});

describe('asPoisoned', () => {
  it.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'ERR value is not an integer or out of range',
    'ERR WRONGTYPE Operation against a key holding the wrong kind of value script: 2a, on @user_script:2.',
  ])('knows %s', (reply) => {
    const error = asPoisoned(new ErrorReply(reply));
    expect(error).toBeInstanceOf(PoisonedEntryError);
    expect(classify(error, { dependency: 'redis' })).toMatchObject({
      kind: 'cache_corrupt',
      strategy: 'CLEAR_CACHE_AND_RETRY',
    });
  });

  it('leaves others', () => {
    for (const error of [new ErrorReply('READONLY no'), new ErrorReply('OOM no'), 'WRONGTYPE'])
      expect(asPoisoned(error)).toBe(error);
  });
});
