import { AppError, INVALID_INPUT } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { ClientOfflineError, ErrorReply, SocketClosedUnexpectedlyError } from '@redis/client';
import { explainRedisError } from './redis.errors.ts';

describe('explainRedisError', () => {
  it.each([
    ['never sent', new ClientOfflineError(), 'PLATFORM.UNAVAILABLE'],
    [
      'refused while it loads',
      new ErrorReply('LOADING Redis is loading the dataset in memory'),
      'PLATFORM.UNAVAILABLE',
    ],
    ['connection broke', new SocketClosedUnexpectedlyError(), 'PLATFORM.DEADLINE_EXCEEDED'],
  ])('%s', (_what, error, code) => {
    expect(explainRedisError(error)).toMatchObject({ code, retryable: true, cause: error });
  });

  it('leaves what Redis says about the command itself', () => {
    for (const error of [new ErrorReply('WRONGTYPE LOADING'), new AppError(INVALID_INPUT), 'text'])
      expect(explainRedisError(error)).toBe(error);
  });
});
