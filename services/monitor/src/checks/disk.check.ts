import { DISK_USE } from '@gridworks/contracts';
import { usedShareOf } from '../pulses/disk-use.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { CheckOutcome, RunnableCheck } from './check-outcome.ts';

/** The fullest disk of those that the instances report in their pulses. */
export function diskCheck(instances: () => readonly TrackedInstance[]): RunnableCheck {
  return {
    name: 'disk',
    configured: true,
    async attempt(): Promise<CheckOutcome> {
      const [fullest] = instances()
        .map(({ pulse }) => ({ pulse, used: usedShareOf(pulse) }))
        .filter((one): one is typeof one & { used: number } => one.used !== null)
        .sort((one, other) => other.used - one.used);
      if (!fullest) return { passed: false, responseMs: null, detail: 'no instance reports its disk' };
      const { pulse, used } = fullest;
      const where = pulse.disk_folder ? ` (${pulse.disk_folder})` : '';
      const detail = `${Math.round(used * 100)} % of the disk of ${pulse.instance}${where} is used`;
      return {
        passed: used < DISK_USE.full,
        responseMs: null,
        detail: used >= DISK_USE.filling ? detail : null,
      };
    },
  };
}
