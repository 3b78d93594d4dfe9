import { classify, fingerprint, HealingEnvironment, type HealingRecord } from '@gridworks/resilience';

export interface RecordedHealing {
  /** A spec's own breakers, budget and figures, with the classifier of production. */
  readonly healing: HealingEnvironment;
  /** Every caught error, in the order in which each was healed or given up. */
  readonly records: HealingRecord[];
}

export function recordHealing(): RecordedHealing {
  const healing = new HealingEnvironment({ classify, fingerprint });
  const records: HealingRecord[] = [];
  healing.onHealing((record) => records.push(record));
  return { healing, records };
}
