import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { type Symptom, symptomObserved } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { SymptomRouter } from './symptom-router.ts';

/** Symptoms are handled one at a time, so that the second of one cause finds the incident of the first. */
@Controller()
export class ObserveSymptomHandler {
  constructor(private readonly symptoms: SymptomRouter) {}

  @HandleEvent(symptomObserved, { concurrency: 1 })
  async handle(symptom: Symptom, event: BusEvent<Symptom>): Promise<void> {
    await this.symptoms.observe(symptom, event.traceparent ?? null);
  }
}
