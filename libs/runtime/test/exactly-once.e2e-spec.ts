import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  endWithTest,
  eventually,
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
} from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HealedProcess, startHealing, stopAll } from './healing-under-test.ts';
import { StatementLedger } from './statement-ledger.ts';

const SOURCE = 'billing.statements.send';

describe('a queued call with a database', () => {
  let nats: NatsServer;
  let postgres: PostgresServer;
  let url: string;
  let ledger: StatementLedger;
  let billing: HealedProcess;
  beforeAll(async () => {
    [nats, postgres] = await Promise.all([startNats(), startPostgres()]);
    url = await postgres.createServiceDatabase('billing');
    ledger = await StatementLedger.open(url);
    billing = await startHealing(nats, 'billing');
  }, 60_000);
  afterAll(async () => {
    await stopAll();
    await ledger.close();
    await Promise.all([nats.stop(), postgres.stop()]);
  });

  it('is done exactly once: queued three times, its process killed after the commit, its replay failing after it', async () => {
    const worker = endWithTest(
      fork(new URL('./fixtures/replaying-process.ts', import.meta.url), [nats.url, url, SOURCE], {
        execArgv: ['--conditions=source', '--no-warnings'],
      }),
    );
    await once(worker, 'message');
    const at = Date.now();
    const call = { id: 'a', source: SOURCE, payload: { statement: 'a' }, reason: 'connection_refused', at };
    await Promise.all([1, 2, 3].map(() => billing.healing.queue.enqueue(call)));
    const [done] = await once(worker, 'message');
    expect(done).toBe(`${SOURCE}:a`);
    worker.kill('SIGKILL');
    await once(worker, 'exit');

    const outcomes: string[] = [];
    billing.healing.replays.register(SOURCE, async (_payload, { id }) => {
      outcomes.push(await ledger.once(id, 'billing'));
      if (outcomes.length < 3) throw new Error('failed after the commit');
    });
    await billing.healing.replays.start();
    await eventually(() => expect(billing.healing.replays.replayed).toBe(1), { timeoutMs: 25_000 });
    expect(outcomes).toEqual(['duplicate', 'duplicate', 'duplicate']);
    expect(await ledger.all()).toEqual([{ call_id: `${SOURCE}:a`, by: 'billing-2' }]);
  }, 60_000);
});
