import type { Bus } from '@gridworks/bus';
import {
  AppError,
  type Breaker,
  INSTANCE_NOT_FOUND,
  type InputOf,
  instanceRequest,
  type ServiceName,
  type setBreaker,
} from '@gridworks/contracts';
import type { PulseBoard } from '../verification/pulse-board.ts';

/** An instance that has not answered by then is left out. */
const ANSWER_WITHIN_MS = 500;

/** The circuit breakers of all processes, asked of each of them: nobody else knows. */
export class BreakerFleet {
  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    private readonly pulses: PulseBoard,
  ) {}

  /** Of all instances that answer within half a second, by instance and name. */
  async list(): Promise<Breaker[]> {
    const answers = await Promise.allSettled(
      this.pulses
        .all()
        .map(({ pulse: { service, instance } }) => this.#ask(service as ServiceName, instance)),
    );
    return answers
      .flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
      .sort((a, b) => a.instance.localeCompare(b.instance) || a.breaker.localeCompare(b.breaker));
  }

  /** Throws INSTANCE_NOT_FOUND, BREAKER_NOT_FOUND, and UNAVAILABLE when the instance does not answer. */
  async set({ instance, breaker, mode, reason }: InputOf<typeof setBreaker>): Promise<Breaker> {
    const heard = this.pulses.of(instance);
    if (!heard) throw new AppError(INSTANCE_NOT_FOUND, { detail: `Nobody has heard of ${instance}` });
    const service = heard.pulse.service as ServiceName;
    const answer = await this.bus.request(
      instanceRequest(service, 'set-breaker', instance),
      { breaker, mode, reason },
      { deadlineMs: ANSWER_WITHIN_MS * 2 },
    );
    return { object: 'breaker', service, instance, ...answer.breaker };
  }

  async #ask(service: ServiceName, instance: string): Promise<Breaker[]> {
    const { breakers } = await this.bus.request(
      instanceRequest(service, 'breakers', instance),
      {},
      { deadlineMs: ANSWER_WITHIN_MS },
    );
    return breakers.map((status) => ({ object: 'breaker', service, instance, ...status }));
  }
}
