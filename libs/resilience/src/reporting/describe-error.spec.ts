import { redact } from '@gridworks/redaction';
import { describe, expect, it } from '@jest/globals';
import { describeError } from './describe-error.ts';

describe('describeError', () => {
  it('describes any thrown value', () => {
    const plain = (value: unknown) => value;
    expect(describeError(Object.assign(new TypeError('no'), { code: 7 }), plain)).toMatchObject({
      name: 'TypeError',
      code: '7',
      message: 'no',
      stack: expect.stringMatching(/^TypeError: no/),
    });
    expect(describeError('text', plain)).toEqual({
      name: 'string',
      code: null,
      message: 'text',
      stack: null,
    });
    expect(describeError(null, plain).message).toBe('null');
    expect(describeError({ message: 7 }, plain)).toMatchObject({ name: 'Error', message: '' });
  });

  it('redacts before it cuts, so that no part of a secret is left', () => {
    const secret = 'postgres://portal:correct-horse-battery@db/portal';
    for (let before = 960; before <= 1_000; before += 5) {
      const { message } = describeError(new Error(`${'x '.repeat(before / 2)}${secret}`), redact);
      expect(message).not.toMatch(/correct|horse/);
      expect(message.length).toBeLessThanOrEqual(1_001);
    }
  });

  it('reports when nothing can be read', () => {
    const hostile = {
      get message() {
        throw new Error('mine');
      },
    };
    expect(describeError(hostile, redact).message).toBe('an error that cannot be read');
  });
});
