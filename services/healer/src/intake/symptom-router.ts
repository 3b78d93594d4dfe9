import { setTimeout as sleep } from 'node:timers/promises';
import type { Symptom } from '@gridworks/contracts';
import type { BusWatchdog } from '../watchdog/bus-watchdog.ts';
import type { SymptomIntake } from './symptom-intake.ts';

/** Leads symptoms to the incidents, or to the incident of NATS while that is being healed and nothing can be stored. */
export class SymptomRouter {
  constructor(
    private readonly intake: Pick<SymptomIntake, 'observe'>,
    private readonly watchdog: Pick<BusWatchdog, 'hasIncident' | 'isSuspicious' | 'note'>,
    private readonly busIsUp: () => boolean,
  ) {}

  /** Takes in a symptom; see `SymptomIntake.observe`. An incident of NATS that waits for the bus goes first. */
  async observe(symptom: Symptom, traceparent: string | null): Promise<void> {
    while (this.watchdog.hasIncident() && this.busIsUp()) await sleep(20);
    await this.intake.observe(symptom, traceparent);
  }

  /**
   * Takes in a symptom that came past the event stream. While NATS itself is being healed no incident can be stored:
   * then it is noted in the incident of NATS, for the mail, and monitor publishes it again later.
   */
  async report(symptom: Symptom, traceparent: string | null): Promise<'stored' | 'noted'> {
    if (this.watchdog.isSuspicious()) {
      await this.watchdog.note(symptom);
      return 'noted';
    }
    await this.intake.observe(symptom, traceparent);
    return 'stored';
  }
}
