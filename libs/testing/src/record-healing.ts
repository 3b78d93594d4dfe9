import { classify, fingerprint, HealingEnvironment, type HealingRecord } from '@gridworks/resilience';

export interface RecordedHealing {
  /** Breakers, budget and figures of a spec's own, with the classifier of production. */
  readonly healing: HealingEnvironment;
  /** Every error that was caught, in the order in which each was healed or given up. */
  readonly records: HealingRecord[];
}

export function recordHealing(): RecordedHealing {
  const healing = new HealingEnvironment({ classify, fingerprint });
  const records: HealingRecord[] = [];
  healing.onHealing((record) => records.push(record));
  return { healing, records };
}
