import { randomUUID } from 'node:crypto';
import type { QueuedCall } from '../healing/healing-options.ts';
import { healed, type Strategy } from './strategy.ts';

/**
 * Stores the work durably, to be done once the dependency is back. The caller gets an acceptance, not a
 * result.
 */
export const queueForLater: Strategy = {
  name: 'QUEUE_FOR_LATER',
  needs: '`queue`, and a call whose later execution cannot do the work twice',
  missing: (call) => (call.site.options.queue ? call.couldDoTwice() : 'there is no `queue`'),
  async run(call) {
    const { queue, idempotencyKey } = call.site.options;
    const args = call.args as never[];
    const queued: QueuedCall = {
      id: idempotencyKey?.(...args) ?? randomUUID(),
      source: call.site.source,
      payload: queue!.payload(...args),
      reason: call.decision.kind,
      at: Date.now(),
    };
    await call.bounded(queue!.port.enqueue(queued));
    return healed(queue!.respond?.(queued, ...args), `queued as ${queued.id}`);
  },
};
