import { HandleRequest } from '@gridworks/bus';
import { type OutputOf, reportSymptom, type Symptom } from '@gridworks/contracts';
import { currentContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { SymptomRouter } from './symptom-router.ts';

/**
 * Takes symptoms that monitor cannot publish, since the event stream stores nothing. A repeated symptom is
 * ignored.
 */
@Controller()
export class ReportSymptomHandler {
  constructor(private readonly symptoms: SymptomRouter) {}

  @HandleRequest(reportSymptom)
  async handle(symptom: Symptom): Promise<OutputOf<typeof reportSymptom>> {
    return { taken: await this.symptoms.report(symptom, currentContext()?.traceparent ?? null) };
  }
}
