import type { Signal, Symptom, Target } from '@gridworks/contracts';
import type { IncidentRepository } from '../incidents/incident.repository.ts';
import { symptomOfMine } from './symptom-of-mine.ts';

/**
 * A state that only the healer can see, told as monitor tells its own: once when it begins, once when it is over. Which
 * one is open is read from the incidents, so that healers and boots agree and none is told twice.
 */
export class OwnSymptoms {
  constructor(
    private readonly incidents: Pick<IncidentRepository, 'all'>,
    private readonly observe: (symptom: Symptom) => Promise<void>,
    private readonly clock: () => number,
  ) {}

  /** Sees to it that there is an incident of it exactly while `is` holds. Throws while the bus is away. */
  async set(is: boolean, signal: Signal, target: Target, evidence: Symptom['evidence'] = {}): Promise<void> {
    const open = this.#open(signal, target);
    const now = this.clock();
    if (is) {
      if (open.length === 0)
        await this.observe(symptomOfMine(signal, target, { beganAt: now, now, evidence }));
      return;
    }
    for (const symptom of open)
      await this.observe({ ...symptom, state: 'cleared', observed_at: new Date(now).toISOString() });
  }

  /** Of incidents that go on. */
  #open(signal: Signal, { process }: Target): Symptom[] {
    return this.incidents
      .all()
      .filter(({ incident }) => incident.status !== 'resolved')
      .flatMap(({ incident }) => incident.symptoms)
      .filter((one) => one.signal === signal && one.target.process === process && one.state === 'firing');
  }
}
