import { describe, expect, it } from '@jest/globals';
import { classifyByCode, failure } from '../../test/healing-fixture.ts';
import type { HealingRecord } from '../common/healing-record.ts';
import type { ErrorCapture } from './error-capture.ts';
import { type CaughtError, ErrorReporter, type ReporterOptions } from './error-reporter.ts';

function caught(code: string, given: Partial<HealingRecord> = {}): CaughtError {
  const error = failure(code);
  const { kind, transient, strategy, confidence, why, rule } = classifyByCode(error);
  const record: HealingRecord = {
    source: 'spec.report',
    decision: { fingerprint: code, kind, transient, strategy, confidence, why, rule, decidedBy: 'rule' },
    steps: [],
    healedBy: null,
    durationMs: 1,
    at: Date.UTC(2026, 0, 1),
    ...given,
  };
  return { record, error, category: 'api', criticality: 'normal' };
}

function reporterTo(
  sink: (batch: readonly ErrorCapture[]) => Promise<void>,
  options: Partial<ReporterOptions> = {},
) {
  return new ErrorReporter({ sink, redact: (value) => value, everyMs: 60_000, ...options });
}

describe('ErrorReporter', () => {
  it('sends equal errors once, with their count, the first and the last time, and the strategy that healed', async () => {
    const sent: ErrorCapture[] = [];
    const reporter = reporterTo(async (batch) => void sent.push(...batch));
    const step = { strategy: 'RETRY_WITH_BACKOFF', why: '', durationMs: 1 } as const;
    reporter.capture(caught('A', { steps: [{ ...step, outcome: 'failed' }] }));
    reporter.capture(
      caught('A', {
        steps: [{ ...step, outcome: 'healed' }],
        healedBy: 'RETRY_WITH_BACKOFF',
        at: Date.UTC(2026, 0, 2),
      }),
    );
    reporter.capture(caught('B', { steps: [{ ...step, outcome: 'skipped' }] }));
    await reporter.flush();
    expect(sent).toMatchObject([
      {
        fingerprint: 'A',
        count: 2,
        healed: 1,
        first_at: '2026-01-01T00:00:00.000Z',
        last_at: '2026-01-02T00:00:00.000Z',
        outcomes: { RETRY_WITH_BACKOFF: { healed: 1, failed: 1 } },
        error: { message: 'failed with A' },
      },
      { fingerprint: 'B', count: 1, outcomes: {} },
    ]);
  });

  it('keeps captures that a sink refused, unchanged, and sends them again', async () => {
    const tries: ErrorCapture[][] = [];
    const reporter = reporterTo(
      async (batch) => {
        tries.push(structuredClone(batch) as ErrorCapture[]);
        if (tries.length < 3) throw new Error('away');
      },
      { everyMs: 1 },
    );
    reporter.capture(caught('A'));
    const done = new Promise<void>((resolve) => {
      const poll = () => (reporter.waiting === 0 && tries.length >= 3 ? resolve() : setTimeout(poll, 1));
      poll();
    });
    await done;
    expect(tries.map(([capture]) => capture!.id)).toEqual(Array(3).fill(tries[0]![0]!.id));
    expect(tries[2]![0]!.count).toBe(1);
  });

  it('drops the oldest, with a counter, when too many wait', async () => {
    const sent: ErrorCapture[] = [];
    const reporter = reporterTo(async (batch) => void sent.push(...batch), { capacity: 3 });
    for (const code of ['A', 'B', 'C', 'D', 'E']) reporter.capture(caught(code));
    expect([reporter.waiting, reporter.dropped]).toEqual([3, 2]);
    await reporter.flush();
    expect(sent.map(({ fingerprint }) => fingerprint)).toEqual(['C', 'D', 'E']);
  });

  it('stays bounded while the sink is away', async () => {
    const reporter = reporterTo(
      async () => {
        throw new Error('away');
      },
      { capacity: 10 },
    );
    for (let i = 0; i < 100; i++) {
      reporter.capture(caught(`A${i}`));
      await reporter.flush();
    }
    expect([reporter.waiting, reporter.dropped]).toEqual([10, 90]);
    await reporter.stop();
  });

  it('does not wait for ever for a sink that hangs', async () => {
    const reporter = reporterTo(() => new Promise(() => undefined), { sinkMs: 5 });
    reporter.capture(caught('A'));
    await reporter.stop();
    expect(reporter.waiting).toBe(1);
  });

  it('sends in batches of the configured size', async () => {
    const sizes: number[] = [];
    const reporter = reporterTo(async (batch) => void sizes.push(batch.length), { batch: 2 });
    for (const code of ['A', 'B', 'C', 'D', 'E']) reporter.capture(caught(code));
    await reporter.flush();
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('never throws, whatever the error, and reports no secret', async () => {
    const sent: ErrorCapture[] = [];
    const reporter = reporterTo(async (batch) => void sent.push(...batch), {
      redact: (value) => String(value).replaceAll('hunter2', '[redacted]'),
    });
    const hostile = {
      get name() {
        throw new Error('mine');
      },
    };
    reporter.capture({ ...caught('H'), error: hostile });
    const long = new Error(`${'x'.repeat(995)} hunter2 ${'y'.repeat(100_000)}`);
    reporter.capture({ ...caught('L'), error: long });
    reporter.capture(undefined as never);
    await reporter.flush();
    expect(sent.map(({ error }) => error.message.length < 1_100)).toEqual([true, true]);
    expect(JSON.stringify(sent)).not.toMatch(/hunt/);
    expect(reporter.dropped).toBe(1);
  });
});
