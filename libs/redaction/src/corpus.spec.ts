import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NEAR_MISSES, SECRETS } from '../test/corpus.ts';
import { redact } from './redact.ts';
import { redactJson } from './redact-json.ts';
import { applyRules, mayHoldSecret, redactText } from './redact-text.ts';

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

describe('the corpus', () => {
  it('is large enough to be significant', () => {
    expect(SECRETS.length).toBeGreaterThanOrEqual(80);
    expect(NEAR_MISSES.length).toBeGreaterThanOrEqual(60);
    for (const { text, secrets } of SECRETS) for (const secret of secrets) expect(text).toContain(secret);
  });

  it.each(SECRETS)('hides: $name', ({ text, secrets }) => {
    for (const out of [redactText(text), show(redact({ text })), redactJson(JSON.stringify({ text }))])
      for (const secret of secrets) expect(out).not.toContain(secret);
  });

  it.each(SECRETS)('is found by its marks: $name', ({ text }) => {
    expect(mayHoldSecret(text)).toBe(true);
    expect(mayHoldSecret(JSON.stringify({ text }))).toBe(true);
  });

  it.each(SECRETS)('is hidden completely: $name', ({ text }) => {
    const once = redactText(text);
    expect(redactText(once)).toBe(once);
  });

  it.each(NEAR_MISSES)('leaves: %s', (text) => {
    expect(redactText(text)).toBe(text);
    expect(applyRules(text)).toBe(text);
    expect(redact({ text })).toEqual({ text });
    expect(JSON.parse(redactJson(JSON.stringify({ text })))).toEqual({ text });
  });

  it('hides a secret at any position of a text', () => {
    const around = fc.constantFrom(
      '',
      ' ',
      '\n',
      '"',
      "'",
      '(',
      ', ',
      ' | ',
      'x ',
      'https://a.example/ ',
      '{}',
      '— ',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...SECRETS),
        around,
        fc.constantFrom('', ' ', '\n', '"', ')', ', x', '. '),
        ({ text, secrets }, before, after) => {
          const out = redactText(`${before}${text}${after}`);
          for (const secret of secrets) expect(out).not.toContain(secret);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('has a mark for every text that a rule changes', () => {
    const part = fc.oneof(
      fc.constantFrom(...SECRETS.map(({ text }) => text), ...NEAR_MISSES),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.stringMatching(/^[ -~]{0,30}$/),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const text = parts.join(' ');
        fc.pre(!mayHoldSecret(text));
        expect(applyRules(text)).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });
});
