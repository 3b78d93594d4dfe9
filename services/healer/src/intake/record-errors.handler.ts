import { type BusEvent, HandleEvents } from '@gridworks/bus';
import { type ErrorsCaptured, errorCaptured } from '@gridworks/contracts';
import { Controller, Inject, Optional } from '@nestjs/common';
import { ErrorHoursRepository } from '../history/error-hours.repository.ts';
import { PatternLearner } from '../patterns/pattern-learner.ts';
import { ErrorIntake } from './error-intake.ts';

/** The part that sends errors to the model. Optional: without it no error is sent. */
export const MODEL_ADVISOR = Symbol('ModelAdvisor');

interface ModelAdvisor {
  /** Never throws, never waits. */
  consider(captured: ErrorsCaptured): void;
}

const OPTIONS = { concurrency: 16 };

/** One durable consumer for each service that publishes its errors. */
@Controller()
export class RecordErrorsHandler {
  constructor(
    private readonly intake: ErrorIntake,
    @Optional() @Inject(MODEL_ADVISOR) private readonly model: ModelAdvisor | undefined,
    private readonly learner: PatternLearner,
    private readonly hours: ErrorHoursRepository,
  ) {}

  @HandleEvents(Object.values(errorCaptured), OPTIONS)
  async record(captured: ErrorsCaptured, event: BusEvent<ErrorsCaptured>): Promise<void> {
    await this.intake.take(captured, event.traceparent ?? null);
    this.model?.consider(captured);
    // While PostgreSQL is away this throws UNAVAILABLE: the event is redelivered, and opens no second
    // incident.
    await this.learner.learn(event, captured);
    await this.hours.count(event, captured);
  }
}
