import { describe, expect, it } from '@jest/globals';
import { AppError, defineError, UNAVAILABLE } from './app-error.ts';

describe('defineError', () => {
  it.each(['billing.INVOICE', 'BILLING', 'BILLING.', 'BILLING.invoice', 'BILLING.IN VOICE'])(
    'refuses the code %s',
    (code) => {
      expect(() => defineError({ code, kind: 'conflict', title: 'x' })).toThrow(/code/);
    },
  );
});

describe('AppError', () => {
  it('has the data of its definition, and of the occurrence', () => {
    const cause = new Error('socket closed');
    const error = new AppError(UNAVAILABLE, { detail: 'billing is away', retryAfterMs: 1000, cause });
    expect(error).toMatchObject({
      name: 'AppError',
      code: 'PLATFORM.UNAVAILABLE',
      kind: 'unavailable',
      retryable: true,
      retryAfterMs: 1000,
      message: 'billing is away',
      cause,
    });
  });

  it('falls back to the title and adds no cause', () => {
    const error = new AppError(UNAVAILABLE);
    expect(error.message).toBe(UNAVAILABLE.title);
    expect('cause' in error).toBe(false);
  });
});
