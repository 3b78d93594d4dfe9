import { describe, expect, it } from '@jest/globals';
import { NEAR_MISSES, SECRETS } from '../../../redaction/test/corpus.ts';
import { classify } from '../classify/index.ts';
import { fingerprint } from '../fingerprint/index.ts';
import { HealingEnvironment } from '../healing/environment.ts';
import { withSelfHealing } from '../with-self-healing.ts';
import type { ErrorCapture } from './error-capture.ts';
import { ErrorReporter } from './error-reporter.ts';

/** The report that leaves the process about an error that a wrapped call could not heal. */
async function reportOf(error: Error): Promise<ErrorCapture['error']> {
  const captures: ErrorCapture[] = [];
  const reporter = new ErrorReporter({ sink: async (batch) => void captures.push(...batch) });
  const environment = new HealingEnvironment({ classify, fingerprint, reporter });
  const call = withSelfHealing(() => Promise.reject(error), {
    source: 'billing.test.call',
    category: 'api',
    retry: false,
    environment,
  });
  await expect(call()).rejects.toBe(error);
  await reporter.stop();
  return captures[0]!.error;
}

describe('the report of an error', () => {
  it.each(SECRETS)('hides: $name', async ({ text, secrets }) => {
    const report = JSON.stringify(await reportOf(new Error(text)));
    for (const secret of secrets) {
      expect(report).not.toContain(secret);
      expect(report).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
    expect(report).toMatch(/\[(?:redacted|card|email|phone)\]/);
  });

  it.each(NEAR_MISSES)('leaves: %s', async (text) => {
    expect((await reportOf(new Error(text))).message).toBe(text);
  });
});
