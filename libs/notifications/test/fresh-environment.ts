import { classify, fingerprint, HealingEnvironment, type HealingRecord } from '@gridworks/resilience';

/** Breakers and budget of one test, as in the process otherwise; repeats wait half of what they may. */
export function freshEnvironment(): HealingEnvironment & { readonly records: HealingRecord[] } {
  const environment = new HealingEnvironment({ classify, fingerprint, random: () => 0.5 });
  const records: HealingRecord[] = [];
  environment.onHealing((record) => records.push(record));
  return Object.assign(environment, { records });
}
