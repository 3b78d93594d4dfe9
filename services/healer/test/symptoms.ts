import { newId, type Signal, type Symptom, type Target } from '@gridworks/contracts';

export const billing: Target = { kind: 'service', name: 'billing', process: 'billing' };
export const postgres: Target = { kind: 'server', name: 'postgres', process: 'postgres' };

/** A symptom as monitor would publish it now. */
export function symptom(signal: Signal, target: Target = billing, more: Partial<Symptom> = {}): Symptom {
  const now = Date.now();
  return {
    id: newId('symptom'),
    signal,
    target,
    state: 'firing',
    began_at: new Date(now - 2000).toISOString(),
    observed_at: new Date(now).toISOString(),
    suspects: [],
    evidence: {},
    ...more,
  };
}
