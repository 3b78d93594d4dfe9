import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  ErrorReporter,
  HealingEnvironment,
  type HealingOptions,
  processEnvironment,
  withSelfHealing,
} from '@gridworks/resilience';

export interface StormFigure {
  readonly storm: string;
  readonly errors: number;
  readonly seconds: number;
  readonly stall_ms: number;
  /** The peak of resident memory minus its size before. */
  readonly peak_mb: number;
  /** Memory that is still held afterwards. */
  readonly growth_mb: number;
  readonly captures: number;
  readonly repeats: number;
}

type Call = (n: number) => Promise<number>;
const PER_MS = 100;

/**
 * 100 errors per millisecond for a second; the longest time for which the event loop was held up, and the
 * growth of memory. `options` null: the same storm without healing.
 */
export async function measureStorm(
  storm: string,
  errorOf: (n: number) => Error,
  options: Partial<HealingOptions<Call>> | null,
): Promise<StormFigure> {
  const { classify, fingerprint } = processEnvironment;
  let captures = 0;
  const reporter = new ErrorReporter({
    sink: async (batch) => {
      captures += batch.length;
    },
    redact: (value) => value,
  });
  const environment = new HealingEnvironment({ classify, fingerprint, reporter });
  const bare: Call = async (n) => {
    throw errorOf(n);
  };
  const call =
    options === null
      ? bare
      : withSelfHealing(bare, {
          source: `bench.storm.${storm}`,
          category: 'api',
          environment,
          ...options,
        } as HealingOptions<Call>);
  for (let n = 0; n < 2_000; n++) await call(-n).catch(() => undefined);
  globalThis.gc?.();
  const before = process.memoryUsage();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  let errors = 0;
  let peak = before.rss;
  while (errors < 100_000) {
    const due = Math.min(100_000, Math.floor((performance.now() - began) * PER_MS));
    while (errors < due) void call(errors++).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const seconds = (performance.now() - began) / 1_000;
  delay.disable();
  await reporter.stop();
  globalThis.gc?.();
  const after = process.memoryUsage();
  return {
    storm,
    errors,
    seconds,
    stall_ms: delay.max / 1e6,
    peak_mb: (peak - before.rss) / 2 ** 20,
    growth_mb: (after.heapUsed + after.external - before.heapUsed - before.external) / 2 ** 20,
    captures,
    repeats: environment.sites()[0]?.repeats ?? 0,
  };
}
