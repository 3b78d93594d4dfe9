import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { Bus } from '@gridworks/bus';
import { callQueued, type ServiceName } from '@gridworks/contracts';
import type { QueuedCall, QueuePort } from '@gridworks/resilience';

const replaying = new AsyncLocalStorage<string>();
const ID_LENGTH = 200;

/** Runs the replay of a queued call: within it nothing is queued again. */
export const whileReplaying = <T>(id: string, replay: () => Promise<T>): Promise<T> =>
  replaying.run(id, replay);

/**
 * Calls that wait until their dependency is back, stored in JetStream. The service itself does them later:
 * see `CallReplays`.
 */
export class CallQueue implements QueuePort {
  readonly #bus: Pick<Bus, 'publish'>;
  readonly #service: ServiceName;
  /** Calls that were stored. */
  queued = 0;

  constructor(bus: Pick<Bus, 'publish'>, service: ServiceName) {
    this.#bus = bus;
    this.#service = service;
  }

  /**
   * Resolves when the call is stored. The same call is stored once. Rejects with UNAVAILABLE when the call
   * was not stored or may not have been, with INVALID_INPUT when it is too large. Rejects within a replay:
   * that call is still stored, and is delivered again after a growing pause.
   */
  async enqueue(call: QueuedCall): Promise<void> {
    const again = replaying.getStore();
    if (again !== undefined) throw new Error(`this call is a replay, ${again}; it stays in the queue`);
    const id = idOf(call);
    const { source, reason } = call;
    const queued_at = new Date(call.at).toISOString();
    await this.#bus.publish(
      callQueued[this.#service],
      { id, source, payload: call.payload ?? null, reason, queued_at },
      { id },
    );
    this.queued++;
  }
}

/**
 * The id of the event. Call sites choose their ids independently, and all events share one deduplication
 * window.
 */
function idOf({ source, id }: QueuedCall): string {
  const whole = `${source}:${id}`;
  if (whole.length <= ID_LENGTH) return whole;
  return `${source.slice(0, 100)}:${createHash('sha256').update(whole).digest('hex')}`;
}
