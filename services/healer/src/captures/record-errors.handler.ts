import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { type ErrorsCaptured, errorCaptured } from '@gridworks/contracts';
import { Controller, Inject, Optional } from '@nestjs/common';
import { CaptureDesk } from './capture-desk.ts';

/** What becomes of captures besides incidents. */
export const MODEL_DESK = Symbol('ModelDesk');
export const PATTERN_LEARNER = Symbol('PatternLearner');

interface ModelDesk {
  /** Never throws, never waits. */
  consider(captured: ErrorsCaptured): void;
}
interface PatternLearner {
  /** Throws UNAVAILABLE while PostgreSQL is away: the event then comes again. */
  learn(event: BusEvent<ErrorsCaptured>, captured: ErrorsCaptured): Promise<void>;
}

const options = { concurrency: 16 };

/** One durable consumer for each service that tells of its errors. */
@Controller()
export class RecordErrorsHandler {
  constructor(
    private readonly desk: CaptureDesk,
    @Optional() @Inject(MODEL_DESK) private readonly model: ModelDesk | undefined,
    @Optional() @Inject(PATTERN_LEARNER) private readonly learner: PatternLearner | undefined,
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
    await this.learner?.learn(event, captured);
  }
}
