import { describe, expect, it } from '@jest/globals';
import { codeOfDescription } from './jetstream-descriptions.ts';

describe('codeOfDescription', () => {
  it.each([
    ['nats: error: maximum consumers limit reached (10026)', '10026'],
    ['nats: API error: code=400 err_code=10054 description=message size exceeds maximum allowed', '10054'],
    ['Error: consumer not found', '10014'],
    ['nats: JetStream system temporarily unavailable', '10008'],
    ['wrong last sequence: 12', '10164'],
    ['a stream of unknown words', undefined],
  ])('%s', (message, code) => {
    expect(codeOfDescription(message)).toBe(code);
  });
});
