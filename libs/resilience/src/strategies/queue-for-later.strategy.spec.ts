import { describe, expect, it } from '@jest/globals';
import { failure, rejection, wrapFailing } from '../../test/healing-fixture.ts';

import type { QueuedCall } from '../healing/healing-options.ts';

function queueOf() {
  const queued: QueuedCall[] = [];
  const port = { enqueue: async (call: QueuedCall) => void queued.push(call) };
  return { queued, queue: { port, payload: (...args: unknown[]) => ({ to: args[0] }) } };
}

describe('QUEUE_FOR_LATER', () => {
  it('stores the work under its own key and returns an acceptance', async () => {
    const { queued, queue } = queueOf();
    const { wrapped } = wrapFailing([failure('NOBUS')], {
      idempotencyKey: (...args) => `mail-${args[0]}`,
      queue: { ...queue, respond: (call) => `accepted ${call.id}` },
    });
    expect(await wrapped('ada')).toBe('accepted mail-ada');
    expect(queued).toMatchObject([
      { id: 'mail-ada', source: 'spec.call', payload: { to: 'ada' }, reason: 'message_bus_unavailable' },
    ]);
  });

  it('never queues work that may have happened, since the queue would repeat it', async () => {
    const { queued, queue } = queueOf();
    const { wrapped } = wrapFailing([failure('ETIMEDOUT')], { queue });
    expect(await rejection(wrapped())).toMatchObject({ code: 'ETIMEDOUT' });
    expect(queued).toEqual([]);
  });

  it('throws the original error when the queue is away too', async () => {
    const { wrapped, why } = wrapFailing([failure('ECONNREFUSED')], {
      retry: false,
      queue: {
        payload: () => null,
        port: {
          enqueue: async () => {
            throw failure('NOBUS');
          },
        },
      },
    });
    expect(await rejection(wrapped())).toMatchObject({ code: 'ECONNREFUSED' });
    expect(why('QUEUE_FOR_LATER')).toBe('the strategy itself failed: Error NOBUS');
  });

  it('does not make the caller wait beyond its deadline for a queue that hangs', async () => {
    const { wrapped, why } = wrapFailing([failure('ECONNREFUSED')], {
      retry: false,
      deadlineMs: 50,
      queue: { payload: () => null, port: { enqueue: () => new Promise<void>(() => undefined) } },
    });
    await rejection(wrapped());
    expect(why('QUEUE_FOR_LATER')).toMatch(/RESILIENCE.DEADLINE_EXCEEDED/);
  });
});
