import type { getHealthHistory, OutputOf } from '@gridworks/contracts';
import type { Latency, Rollup } from '../health/rollup.repository.ts';

type Steps = OutputOf<typeof getHealthHistory>['steps'];
interface Range {
  readonly start: number;
  readonly end: number;
  readonly ms: number;
}

/** Every step of the range with its shares; times in ms since the epoch. Time without samples is unknown. */
export function historySteps(
  range: Range,
  rollups: readonly Rollup[],
  latencies: readonly Latency[],
  now: number,
): Steps {
  const rollupAt = new Map(rollups.map((row) => [row.startsAt, row]));
  const latencyAt = new Map(latencies.map((row) => [row.startsAt, row]));
  return Array.from({ length: (range.end - range.start) / range.ms }, (_one, index) => {
    const at = range.start + index * range.ms;
    const { up, degraded, down, unknown } = rollupAt.get(at) ?? { up: 0, degraded: 0, down: 0, unknown: 0 };
    const passed = Math.max(0, Math.min(range.ms, now - at)) / 1000;
    // A sample may cross the end of its minute: the sums of a step may be a little longer than the step.
    const whole = Math.max(passed, up + degraded + down + unknown);
    const share = (seconds: number) => (whole === 0 ? 0 : seconds / whole);
    const latency = latencyAt.get(at);
    return {
      at: new Date(at).toISOString(),
      up: share(up),
      degraded: share(degraded),
      down: share(down),
      unknown: Math.max(0, 1 - share(up) - share(degraded) - share(down)),
      p50_ms: latency?.p50 ?? null,
      p95_ms: latency?.p95 ?? null,
    };
  });
}
