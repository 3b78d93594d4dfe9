import { createHash } from 'node:crypto';
import { HEALING_STRATEGIES } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { PROMPT_VERSION, REPLY_FORMAT, SYSTEM_PROMPT } from './system-prompt.ts';

describe('the prompt', () => {
  it('has a new version whenever it or the form of the answer changes', () => {
    const hash = createHash('sha256')
      .update(SYSTEM_PROMPT)
      .update(JSON.stringify(REPLY_FORMAT))
      .digest('hex');
    // When this fails: give PROMPT_VERSION a new value, and put both here.
    expect([PROMPT_VERSION, hash.slice(0, 16)]).toEqual(['2026-11-22.1', '516819167f0dc1e5']);
  });

  it('explains every strategy, and offers no other', () => {
    for (const name of HEALING_STRATEGIES) expect(SYSTEM_PROMPT).toContain(`  ${name}: `);
    expect(REPLY_FORMAT.json_schema.schema.properties.strategy.enum).toEqual(HEALING_STRATEGIES);
  });
});
