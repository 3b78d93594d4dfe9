import type { PublishOptions } from '@gridworks/bus';
import {
  type ErrorsCaptured,
  errorCaptured,
  errorCaptureSchema,
  HEALING_STRATEGIES,
} from '@gridworks/contracts';
import {
  classify,
  type ErrorCapture,
  ErrorReporter,
  fingerprint,
  HealingEnvironment,
  STRATEGY_NAMES,
  withSelfHealing,
} from '@gridworks/resilience';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { capture } from '../../test/capture.ts';
import { ByteBudget } from './byte-budget.ts';
import { BusCaptureSink } from './capture-sink.ts';

const many = (count: number, from = 0): ErrorCapture[] =>
  Array.from({ length: count }, (_, n) =>
    capture({ id: `run-${from + n}`, fingerprint: String(from + n).padStart(16, '0') }),
  );

describe('the contract of a captured error', () => {
  it('has the strategies of the library', () => {
    expect([...HEALING_STRATEGIES]).toEqual([...STRATEGY_NAMES]);
  });

  it('fits the captures of the library', async () => {
    const captures: ErrorCapture[] = [];
    const reporter = new ErrorReporter({ sink: async (batch) => void captures.push(...batch) });
    const environment = new HealingEnvironment({ classify, fingerprint, reporter });
    const thrown = [
      new Error('odd'),
      'a text',
      undefined,
      Object.assign(new Error('x'), { code: 'ECONNRESET' }),
    ];
    for (const error of thrown) {
      const failing = withSelfHealing(async () => Promise.reject(error), {
        source: 'billing.tests.fail',
        category: 'runtime',
        retry: { attempts: 1, baseMs: 1 },
        idempotent: true,
        environment,
      });
      await failing().catch(() => undefined);
    }
    await reporter.flush();
    expect(captures.length).toBeGreaterThan(2);
    for (const one of captures) expect(errorCaptureSchema.parse(one)).toEqual(one);
  });
});

describe('CaptureSink', () => {
  let sent: { id: string; payload: ErrorsCaptured; bytes: number }[];
  let state: 'connected' | 'disconnected';
  /** The results of the next publishings: a failure before, or after, the message was stored. */
  let faults: ('before' | 'after')[];
  const bus = {
    state: () => state,
    publish: async (contract: unknown, payload: unknown, options: PublishOptions = {}) => {
      expect(contract).toBe(errorCaptured.billing);
      const fault = faults.shift();
      if (fault === 'before') throw new Error('not stored');
      errorCaptured.billing.payload.parse(payload);
      const bytes = Buffer.byteLength(JSON.stringify(payload));
      // The stream deduplicates by id.
      if (!sent.some(({ id }) => id === options.id))
        sent.push({ id: options.id as string, payload: payload as ErrorsCaptured, bytes });
      if (fault === 'after') throw new Error('the acknowledgement was lost');
      return { sequence: sent.length, duplicate: false };
    },
  };
  const sinkWith = (burst = 10_000_000, bytesPerSecond = 0, now = () => 0): BusCaptureSink =>
    new BusCaptureSink({
      bus: bus as never,
      info: { service: 'billing', instance: 'billing-2' },
      dropped: () => 7,
      budget: new ByteBudget({ burst, bytesPerSecond, now }),
    });
  const idsSent = (): string[] => sent.flatMap(({ payload }) => payload.captures.map(({ id }) => id));

  beforeEach(() => {
    sent = [];
    faults = [];
    state = 'connected';
  });

  it('sends a batch as one message, with the instance and the number of lost captures', async () => {
    await sinkWith().send(many(3));
    expect(sent).toHaveLength(1);
    expect(sent[0]?.payload).toMatchObject({ service: 'billing', instance: 'billing-2', dropped: 7 });
    expect(idsSent()).toEqual(['run-0', 'run-1', 'run-2']);
  });

  it('keeps a message below the bound of the server', async () => {
    const big = many(100).map((one) => ({ ...one, error: { ...one.error, stack: 'ü'.repeat(4000) } }));
    await sinkWith().send(big);
    expect(sent.length).toBeGreaterThan(1);
    for (const { bytes } of sent) expect(bytes).toBeLessThan(200_000);
    expect(idsSent()).toEqual(big.map(({ id }) => id));
  });

  it('stores each capture once when acknowledgements are lost and the batch has changed meanwhile', async () => {
    const sink = sinkWith();
    faults = ['after'];
    await expect(sink.send(many(10))).rejects.toThrow('lost');
    // The reporter has dropped the oldest and has more now.
    await sink.send([...many(10).slice(4), ...many(5, 10)]);
    expect(idsSent()).toEqual(many(15).map(({ id }) => id));
    expect(sink.deferred).toBe(1);
  });

  it('rejects while the bus is away, without spending the budget', async () => {
    const sink = sinkWith(100_000);
    state = 'disconnected';
    for (let i = 0; i < 100; i++) await expect(sink.send(many(10))).rejects.toThrow('away');
    state = 'connected';
    await sink.send(many(10));
    expect(idsSent()).toHaveLength(10);
  });

  it('sends at most its share, continues where it stopped, and loses nothing', async () => {
    let now = 0;
    const sink = sinkWith(20_000, 512, () => now);
    const batch = many(100);
    await expect(sink.send(batch)).rejects.toThrow('share');
    const first = idsSent().length;
    expect(first).toBeGreaterThan(3);
    expect(first).toBeLessThan(20);
    await expect(sink.send(batch)).rejects.toThrow('share');
    expect(idsSent()).toHaveLength(first);
    for (let second = 0; idsSent().length < 100; second++) {
      expect(second).toBeLessThan(1000);
      now += 1000;
      await sink.send(batch).catch(() => undefined);
      const bytes = sent.reduce((sum, message) => sum + message.bytes, 0);
      expect(bytes).toBeLessThan(20_000 + (512 * now) / 1000);
    }
    expect(idsSent()).toEqual(batch.map(({ id }) => id));
    expect(sent.flatMap(({ payload }) => payload.captures).every(({ error }) => error.stack !== null)).toBe(
      true,
    );
  });

  it('leaves out captures that do not fit the contract, and sends the rest', async () => {
    const sink = sinkWith();
    await sink.send([capture({ id: 'bad', source: 'x'.repeat(300) }), ...many(2)]);
    expect(idsSent()).toEqual(['run-0', 'run-1']);
    expect(sink.invalid).toBe(1);
    await sink.send([capture({ id: 'worse', count: 0 })]);
    expect(sent).toHaveLength(1);
  });
});
