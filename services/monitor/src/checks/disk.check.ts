import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { CheckOutcome, RunnableCheck } from './check-outcome.ts';

interface Limits {
  /** Shares of the disk: below the first it fails, below the second it is degraded. */
  readonly filling: number;
  readonly low: number;
  readonly freeShare: (known: TrackedInstance) => number | null;
}

/** The disk with the least room, of those that the instances report in their pulses. */
export function diskCheck(instances: () => readonly TrackedInstance[], limits: Limits): RunnableCheck {
  return {
    name: 'disk',
    configured: true,
    async attempt(): Promise<CheckOutcome> {
      const shares = instances()
        .map((known) => ({ name: known.pulse.instance, free: limits.freeShare(known) }))
        .filter((one): one is { name: string; free: number } => one.free !== null)
        .sort((one, other) => one.free - other.free);
      const [least] = shares;
      if (!least) return { passed: false, responseMs: null, detail: 'no instance reports its disk' };
      const detail = `${Math.floor(least.free * 100)} % of the disk of ${least.name} is free`;
      return {
        passed: least.free >= limits.filling,
        responseMs: null,
        detail: least.free < limits.low ? detail : null,
      };
    },
  };
}
