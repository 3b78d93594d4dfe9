import type { RequestContract } from '@gridworks/contracts';
import { type CallContext, counter } from '@gridworks/observability';

const shared = counter(
  'service_requests_shared_total',
  'Requests that got the response of an identical one under way',
);

/**
 * Lets identical reads of one caller share a handler's run while the service is short of a resource: a page that asks the
 * same ten times at once costs one query.
 */
export class SharedReads {
  readonly #running = new Map<string, Promise<unknown>>();
  #isShort: () => boolean = () => false;

  /** Reads are shared while the condition holds. */
  when(isShort: () => boolean): void {
    this.#isShort = isShort;
  }

  /** The output of `run`, or of the same request that is under way. */
  run(
    contract: RequestContract,
    { principal }: CallContext,
    body: Uint8Array,
    run: () => unknown | Promise<unknown>,
  ): unknown | Promise<unknown> {
    if (contract.http?.method !== 'GET' || !this.#isShort()) return run();
    // The whole principal: what a caller sees may depend on any part of it.
    const key = `${contract.subject} ${JSON.stringify(principal ?? null)} ${Buffer.from(body).toString('latin1')}`;
    const running = this.#running.get(key);
    if (running) {
      shared.inc();
      return running;
    }
    const started = Promise.resolve(run()).finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }
}
