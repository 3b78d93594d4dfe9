import { AppError, NOT_FOUND } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import {
  errorOnConnection,
  isAway,
  isConflict,
  isConnectionLost,
  isOutcomeUnknown,
  toAppError,
} from './persistence.errors.ts';

const failed = (code: string, message = 'x') =>
  new QueryFailedError('select $1', ['secret'], Object.assign(new Error(message), { code }));

describe('errors of the database', () => {
  it.each([
    // error, away, lost, unknown during COMMIT
    [failed('57P01'), true, true, true],
    [failed('57P03'), true, true, true],
    [failed('08006'), true, true, true],
    [failed('53300'), true, false, false],
    [failed('53100'), true, false, false],
    [failed('57014'), true, false, false],
    [failed('55P03'), true, false, false],
    [failed('40001'), true, false, false],
    [failed('23505'), false, false, false],
    [failed('42P01'), false, false, false],
    [failed('42501'), false, false, false],
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), true, true, true],
    [Object.assign(new Error('read'), { code: 'ECONNRESET' }), true, true, true],
    [new Error('Connection terminated unexpectedly'), true, true, true],
    [new Error('Connection terminated due to connection timeout'), true, true, true],
    [new Error('Query read timeout'), true, false, true],
    [new Error('timeout exceeded when trying to connect'), true, false, true],
    [new TypeError('tx is not defined'), false, false, false],
    [undefined, false, false, false],
  ])('%s: away %s, lost %s, unknown %s', (error, away, lost, unknown) => {
    expect([isAway(error), isConnectionLost(error), isOutcomeUnknown(error)]).toEqual([away, lost, unknown]);
    const mapped = toAppError(error);
    if (away) expect(mapped).toMatchObject({ code: 'PLATFORM.UNAVAILABLE', retryAfterMs: 1000 });
    else expect(mapped).toBe(error);
  });

  it('passes errors of the application on', () => {
    const error = new AppError(NOT_FOUND);
    expect(toAppError(error)).toBe(error);
  });

  it('repeats only a transaction that was rolled back because of another one', () => {
    expect([failed('40001'), failed('40P01'), failed('25P03'), new Error('x')].map(isConflict)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('removes the parameters of a query, which contain personal data', () => {
    const error = failed('23505');
    expect(JSON.stringify(errorOnConnection(error, false))).not.toContain('secret');
    expect(error.parameters).toBeUndefined();
  });

  it('distinguishes a connection that broke between two queries from the use of an old manager', () => {
    const error = new QueryRunnerAlreadyReleasedError();
    expect(isAway(errorOnConnection(error, true))).toBe(true);
    expect(errorOnConnection(error, false)).toBe(error);
    expect(isAway(error)).toBe(false);
  });
});
