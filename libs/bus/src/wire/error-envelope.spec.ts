import { AppError, INTERNAL, INVALID_INPUT, UNAVAILABLE } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { decodeError, encodeError } from './error-envelope.ts';

const roundTrip = (error: AppError) => decodeError(Buffer.from(encodeError(error).body));

describe('the error envelope', () => {
  it('carries everything a caller may act on, and not the cause', () => {
    const error = new AppError(INVALID_INPUT, {
      detail: 'Look at the name',
      details: { tries: 3 },
      problems: [{ detail: 'too long', pointer: '/name' }],
      retryAfterMs: 5,
      cause: new Error('secret'),
    });
    const copy = roundTrip(error);
    expect(copy).toBeInstanceOf(AppError);
    expect({ ...copy, message: copy.message }).toEqual({ ...error, message: error.message });
    expect(copy.cause).toBeUndefined();
  });

  it('names the kind of error in headers', () => {
    expect(encodeError(new AppError(UNAVAILABLE)).headers).toEqual({
      'Nats-Service-Error': 'PLATFORM.UNAVAILABLE',
      'Nats-Service-Error-Code': '503',
    });
  });

  it.each(['', 'junk', '[]', '{"code":"A.B","kind":"__proto__"}', '{"code":["A.B"],"kind":"internal"}'])(
    'reads %j as an internal error',
    (body) => expect(decodeError(Buffer.from(body)).code).toBe(INTERNAL.code),
  );

  it('leaves out malformed problems', () => {
    const body = {
      code: 'A.B',
      kind: 'conflict',
      retryable: 'yes',
      problems: [1, { detail: 'x', pointer: '' }],
    };
    expect(decodeError(Buffer.from(JSON.stringify(body)))).toMatchObject({
      retryable: false,
      problems: [{ detail: 'x', pointer: '' }],
    });
  });
});
