import { Bus } from '@gridworks/bus';
import { AppError, CONSUMER_AWAY, consumerRequest } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import { serviceOf } from './consumer-service.ts';

/** Shorter than the deadline of the call that needs it. */
const DEADLINE_MS = 1000;

/** Whether a consumer runs now, as its service says itself. */
@Injectable()
export class ConsumerPresence {
  constructor(private readonly bus: Bus) {}

  /** Null when the consumer runs, else the error for who wants to have its letters replayed. */
  async refusal(consumer: string): Promise<AppError | null> {
    const service = serviceOf(consumer);
    const detail = `${service} does not run the consumer ${consumer} now. Nothing was replayed: try again when it does.`;
    try {
      const options = { deadlineMs: DEADLINE_MS };
      const { running } = await this.bus.request(consumerRequest(service), { consumer }, options);
      return running ? null : new AppError(CONSUMER_AWAY, { detail });
    } catch (cause) {
      return new AppError(CONSUMER_AWAY, { detail, cause });
    }
  }
}
