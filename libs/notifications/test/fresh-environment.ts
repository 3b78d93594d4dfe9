import { classify, fingerprint, HealingEnvironment, type HealingRecord } from '@gridworks/resilience';

/**
 * Breakers and budget of one test, otherwise as in the process; repeats wait half of the longest allowed
 * time.
 */
export function freshEnvironment(): HealingEnvironment & { readonly records: HealingRecord[] } {
  const environment = new HealingEnvironment({ classify, fingerprint, random: () => 0.5 });
  const records: HealingRecord[] = [];
  environment.onHealing((record) => records.push(record));
  return Object.assign(environment, { records });
}
