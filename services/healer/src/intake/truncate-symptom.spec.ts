import { symptomSchema } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NEAR_MISSES, SECRETS } from '../../../../libs/redaction/test/corpus.ts';
import { symptom } from '../../test/symptoms.ts';
import { truncateSymptom } from './truncate-symptom.ts';

const truncated = (evidence: Record<string, unknown>) =>
  truncateSymptom(symptom('instance.unresponsive', undefined, { evidence })).evidence;

describe('evidence', () => {
  it.each(SECRETS)('hides: $name', ({ text, secrets }) => {
    const shown = JSON.stringify(truncated({ text, deep: [{ text }] }));
    for (const secret of secrets) {
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
    expect(shown).toMatch(/\[(?:redacted|card|email|phone)\]/);
  });

  it.each(NEAR_MISSES)('leaves: %s', (text) => {
    expect(truncated({ text, deep: [{ text }] })).toEqual({ text, deep: [{ text }] });
  });

  it('loses secrets before it is cut, so that no half of one is left', () => {
    const text = JSON.stringify(
      truncated({
        password: 'hunter2-hunter2',
        url: 'postgres://billing:topsecret@host/db',
        deep: { authorization: 'Bearer abcdefghijklmnop' },
        padding: 'x'.repeat(1900),
        key: `pp_live_${'a'.repeat(36)}`,
      }),
    );
    expect(text).not.toMatch(/hunter2|topsecret|abcdefghij|aaaaaaaa/);
  });

  it('is kept as it is when it is harmless', () => {
    const evidence = { pid: 7, probe: { http: 'timeout' }, list: [1, null, 'ü'] };
    expect(truncated(evidence)).toEqual(evidence);
  });

  it('never makes a symptom that cannot be stored, however hostile', () => {
    const hostile = fc.dictionary(
      fc.string({ unit: 'binary' }),
      fc.oneof(
        fc.jsonValue(),
        fc.string({ unit: 'binary', maxLength: 5000 }),
        fc.constantFrom(
          '\u0000',
          '\ud800',
          '\r\nBcc: x@y',
          '<script>',
          '{{7*7}}',
          '*',
          '>',
          '../..',
          undefined,
          1n,
        ),
      ),
    );
    fc.assert(
      fc.property(hostile, (evidence) => {
        const safe = truncateSymptom(symptom('instance.unresponsive', undefined, { evidence }));
        const text = JSON.stringify(safe);
        expect(text.length).toBeLessThan(9000);
        expect(text).not.toContain('\\u0000');
        expect(symptomSchema.safeParse(JSON.parse(text)).success).toBe(true);
      }),
    );
  });
});
