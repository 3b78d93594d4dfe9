import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { endWithTest, eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { charge, closeAll, connectBus, echo } from './bus-under-test.ts';

describe('a service that was stopped for a while', () => {
  let server: NatsServer;
  let service: ChildProcess;
  beforeAll(async () => {
    server = await startNats();
    service = endWithTest(
      fork(new URL('./fixtures/counting-service.ts', import.meta.url), [server.url], {
        execArgv: ['--conditions=source', '--no-warnings'],
      }),
    );
    await once(service, 'message');
  });
  afterEach(closeAll);
  afterAll(async () => {
    service.kill('SIGKILL');
    await server.stop();
  });

  it('does no work for requests in its socket whose callers have stopped waiting', async () => {
    const gateway = await connectBus(server, 'gateway');
    const charged = async () => Number((await gateway.request(echo, { text: '' })).text);
    await gateway.request(charge, {});
    expect(await charged()).toBe(1);

    service.kill('SIGSTOP');
    const requested = Array.from({ length: 20 }, () =>
      gateway.request(charge, {}, { deadlineMs: 400 }).catch((error: { code: string }) => error.code),
    );
    expect(new Set(await Promise.all(requested))).toEqual(new Set(['PLATFORM.DEADLINE_EXCEEDED']));
    service.kill('SIGCONT');
    await eventually(async () => expect(await charged()).toBe(1));
    await gateway.request(charge, {});
    expect(await charged()).toBe(2);
  });
});
