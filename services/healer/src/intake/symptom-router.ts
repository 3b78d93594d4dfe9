import { setTimeout as sleep } from 'node:timers/promises';
import type { Symptom } from '@gridworks/contracts';
import type { BusWatchdog } from '../watchdog/bus-watchdog.ts';
import type { SymptomIntake } from './symptom-intake.ts';

/**
 * Sends symptoms to the intake, or to the watchdog's incident of NATS while NATS is being healed and nothing
 * can be stored.
 */
export class SymptomRouter {
  constructor(
    private readonly intake: Pick<SymptomIntake, 'observe'>,
    private readonly watchdog: Pick<BusWatchdog, 'hasIncident' | 'isSuspicious' | 'note'>,
    private readonly busIsUp: () => boolean,
  ) {}

  /**
   * Processes a symptom; see `SymptomIntake.observe`. An incident of NATS that waits for the bus is stored
   * first.
   */
  async observe(symptom: Symptom, traceparent: string | null): Promise<void> {
    while (this.watchdog.hasIncident() && this.busIsUp()) await sleep(20);
    await this.intake.observe(symptom, traceparent);
  }

  /**
   * Processes a symptom that did not come by the event stream. While NATS itself is being healed no incident
   * can be stored: then the symptom is added to the incident of NATS, for the mail, and monitor publishes it
   * again later.
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
