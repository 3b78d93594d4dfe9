import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { endWithTest, eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeAll, connectBus, counted, plan } from './bus-under-test.ts';

const CONSUMER = 'billing_count-thing';
/** Well below the 30 s that an event once stayed with a process that had died. */
const TAKEN_OVER_WITHIN_MS = 12_000;

describe('an event that a process holds', () => {
  let server: NatsServer;
  let holder: ChildProcess;
  beforeEach(async () => {
    server = await startNats({ plan });
    holder = endWithTest(
      fork(new URL('fixtures/stuck-consumer.ts', import.meta.url), [server.url], {
        execArgv: ['--conditions=source', '--no-warnings'],
      }),
    );
    await once(holder, 'message');
  });
  afterEach(async () => {
    holder.kill('SIGKILL');
    await closeAll();
    await server.stop();
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'goes to another process soon after its holder got %s',
    async (signal) => {
      const gateway = await connectBus(server, 'gateway');
      const held = once(holder, 'message');
      await gateway.publish(counted, { n: 1 });
      expect(await held).toEqual([1]);
      holder.kill(signal);
      const billing = await connectBus(server, 'billing');
      const seen: number[] = [];
      await billing.consume(counted, CONSUMER, async ({ payload }) => void seen.push(payload.n));
      await eventually(() => expect(seen).toEqual([1]), { timeoutMs: TAKEN_OVER_WITHIN_MS });
    },
  );
});
