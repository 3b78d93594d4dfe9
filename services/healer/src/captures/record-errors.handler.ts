import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { type ErrorsCaptured, errorCaptured } from '@gridworks/contracts';
import { Controller, Inject, Optional } from '@nestjs/common';
import { PatternLearner } from '../patterns/pattern-learner.ts';
import { CaptureDesk } from './capture-desk.ts';

/** Who asks the model about errors. Without it nobody does. */
export const MODEL_DESK = Symbol('ModelDesk');

interface ModelDesk {
  /** Never throws, never waits. */
  consider(captured: ErrorsCaptured): void;
}

const options = { concurrency: 16 };

/** One durable consumer for each service that tells of its errors. */
@Controller()
export class RecordErrorsHandler {
  constructor(
    private readonly desk: CaptureDesk,
    @Optional() @Inject(MODEL_DESK) private readonly model: ModelDesk | undefined,
    private readonly learner: PatternLearner,
  ) {}

  @HandleEvent(errorCaptured.gateway, 'healer_record-gateway-errors', options)
  ofGateway(captured: ErrorsCaptured, event: BusEvent<ErrorsCaptured>): Promise<void> {
    return this.#record(captured, event);
  }

  @HandleEvent(errorCaptured.auth, 'healer_record-auth-errors', options)
  ofAuth(captured: ErrorsCaptured, event: BusEvent<ErrorsCaptured>): Promise<void> {
    return this.#record(captured, event);
  }

  @HandleEvent(errorCaptured.billing, 'healer_record-billing-errors', options)
  ofBilling(captured: ErrorsCaptured, event: BusEvent<ErrorsCaptured>): Promise<void> {
    return this.#record(captured, event);
  }

  @HandleEvent(errorCaptured.support, 'healer_record-support-errors', options)
  ofSupport(captured: ErrorsCaptured, event: BusEvent<ErrorsCaptured>): Promise<void> {
    return this.#record(captured, event);
  }

  @HandleEvent(errorCaptured.monitor, 'healer_record-monitor-errors', options)
  ofMonitor(captured: ErrorsCaptured, event: BusEvent<ErrorsCaptured>): Promise<void> {
    return this.#record(captured, event);
  }

  @HandleEvent(errorCaptured.healer, 'healer_record-healer-errors', options)
  ofHealer(captured: ErrorsCaptured, event: BusEvent<ErrorsCaptured>): Promise<void> {
    return this.#record(captured, event);
  }

  async #record(captured: ErrorsCaptured, event: BusEvent<ErrorsCaptured>): Promise<void> {
    await this.desk.take(captured, event.traceparent ?? null);
    this.model?.consider(captured);
    // While PostgreSQL is away this throws UNAVAILABLE: the event comes again, and is no second incident.
    await this.learner.learn(event, captured);
  }
}
