import type { Signal, Symptom, Target } from '@gridworks/contracts';
import type { IncidentRepository } from '../incidents/incident.repository.ts';
import { symptomOfMine } from './symptom-of-mine.ts';

/**
 * Symptoms that only the healer can see, reported as monitor reports its own: once when firing, once when
 * cleared. Which symptom is open is read from the incidents, so that healers and boots agree and none is
 * reported twice.
 */
export class OwnSymptoms {
  constructor(
    private readonly incidents: Pick<IncidentRepository, 'all'>,
    private readonly observe: (symptom: Symptom) => Promise<void>,
    private readonly clock: () => number,
  ) {}

  /** Makes sure that an incident is open exactly while `is` is true. Throws while the bus is away. */
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

  /** The firing symptoms of unresolved incidents. */
  #open(signal: Signal, { process }: Target): Symptom[] {
    return this.incidents
      .all()
      .filter(({ incident }) => incident.status !== 'resolved')
      .flatMap(({ incident }) => incident.symptoms)
      .filter((one) => one.signal === signal && one.target.process === process && one.state === 'firing');
  }
}
