import { describe, expect, it } from '@jest/globals';
import { errorLabel } from './error-label.ts';

describe('errorLabel', () => {
  it('names an error without its message, which may contain secrets', () => {
    const hostile = {
      get name() {
        throw new Error('mine');
      },
    };
    const errors = [
      Object.assign(new TypeError('hunter2'), { code: 'E1' }),
      new Error('hunter2'),
      { code: 7 },
      'hunter2',
      null,
      hostile,
    ];
    expect(errors.map(errorLabel)).toEqual([
      'TypeError E1',
      'Error',
      'Error 7',
      'string',
      'object',
      'an error that cannot be read',
    ]);
  });
});
