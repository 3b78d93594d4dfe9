import { eventually, startSpanCollector } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import { NEAR_MISSES, SECRETS } from '../../redaction/test/corpus.ts';
import { createLogger } from './logger.ts';
import { startTelemetry } from './telemetry.ts';
import { withSpan } from './with-span.ts';

const HIDDEN = /\[(?:redacted|card|email|phone)\]/;

function writtenBy(log: (logger: ReturnType<typeof createLogger>) => void): string {
  let written = '';
  const destination = {
    write(line: string) {
      written += line;
    },
  };
  log(createLogger({ service: 'billing', instance: 'billing-1', destination }));
  return written;
}

describe('a log line', () => {
  it.each(SECRETS)('hides: $name', ({ text, secrets }) => {
    const line = writtenBy((logger) =>
      logger.log('nest.error', {
        deep: [{ text }],
        error: new Error(text, { cause: new Error(text) }),
        text,
      }),
    );
    for (const secret of secrets) {
      expect(line).not.toContain(secret);
      expect(line).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
    expect(line).toMatch(HIDDEN);
    expect(JSON.parse(line)).toMatchObject({ level: 'error', service: 'billing' });
  });

  it.each(NEAR_MISSES)('leaves: %s', (text) => {
    expect(
      JSON.parse(writtenBy((logger) => logger.log('service.started', { deep: [{ text }], text }))),
    ).toMatchObject({
      text,
      deep: [{ text }],
    });
  });
});

describe('a span', () => {
  it('hides every secret in attributes, events and status, and nothing else', async () => {
    const collector = await startSpanCollector();
    Object.assign(process.env, collector.environment);
    const telemetry = await startTelemetry({ service: 'billing', instance: 'billing-1', version: '1' });
    try {
      for (const { text } of SECRETS) {
        const failing = () =>
          withSpan('work', { at: text }, (span) => {
            span.setAttributes({ later: [text] });
            throw new Error(text);
          });
        expect(failing).toThrow(text);
      }
      for (const text of NEAR_MISSES) withSpan('left', { at: text }, () => undefined);
      await telemetry.shutdown();
      await eventually(() => expect(collector.spans).toHaveLength(SECRETS.length + NEAR_MISSES.length));
    } finally {
      for (const name of Object.keys(collector.environment)) delete process.env[name];
      await collector.stop();
    }
    const failed = collector.spans.filter(({ name }) => name === 'work').map((span) => JSON.stringify(span));
    for (const [at, { secrets }] of SECRETS.entries()) {
      for (const secret of secrets) expect(failed[at]).not.toContain(secret);
      expect(failed[at]).toMatch(HIDDEN);
    }
    const left = collector.spans.filter(({ name }) => name === 'left').map(({ attributes }) => attributes.at);
    expect(left).toEqual(NEAR_MISSES);
  });
});
