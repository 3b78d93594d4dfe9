import { createHash } from 'node:crypto';
import { newId, type Signal, type Symptom, type Target } from '@gridworks/contracts';

/** The target of the healer's symptoms about itself, whichever instance sees them. */
export const HEALER: Target = { kind: 'service', name: 'healer', process: 'healer' };

/**
 * A symptom that only the healer can see. Its id is derived from signal, target, evidence and begin: two
 * healers that see the same fault make one symptom.
 */
export function symptomOfMine(
  signal: Signal,
  target: Target,
  { beganAt, now, evidence }: { beganAt: number; now: number; evidence: Symptom['evidence'] },
): Symptom {
  const began = Math.floor(beganAt);
  const digest = createHash('sha256')
    .update(`healer|${signal}|${target.process}|${JSON.stringify(evidence)}`)
    .digest('hex');
  const tail = BigInt(`0x${digest.slice(0, 24)}`)
    .toString(36)
    .toUpperCase()
    .padStart(13, '0')
    .slice(-13);
  return {
    id: newId('symptom', began).slice(0, -13) + tail,
    signal,
    target,
    state: 'firing',
    began_at: new Date(began).toISOString(),
    observed_at: new Date(now).toISOString(),
    suspects: [],
    evidence,
  };
}
