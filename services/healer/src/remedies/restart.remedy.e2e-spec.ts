import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakePlatform, startFakePlatform } from '../../test/fake-platform.ts';
import { LocalSupervisor } from '../platform/local-supervisor.ts';
import type { RemedyContext } from './remedy.ts';
import { RestartRemedy } from './restart.remedy.ts';

const target = { kind: 'service', name: 'support', process: 'support' } as const;
const stop = new AbortController();
const context: RemedyContext = {
  actionId: 'act_1',
  epoch: 1,
  signal: 'instance.unresponsive',
  target,
  evidence: {},
  abort: stop.signal,
};

describe('RestartRemedy', () => {
  let port: FakePlatform;
  const remedy = (patienceMs?: number) =>
    new RestartRemedy(new LocalSupervisor(port.socketPath, port.token), patienceMs);
  beforeEach(async () => {
    port = await startFakePlatform();
    port.has('support');
  });
  afterEach(() => port.stop());

  it('kills and starts a process that runs', async () => {
    expect(await remedy().apply(context)).toMatch(/^The platform killed support and started it again/);
    expect(port.acts).toMatchObject([{ process: 'support', verb: 'restart', epoch: 1 }]);
  });

  it('waits for a process that boots, and does not kill it', async () => {
    port.get('support').state = 'starting';
    let outcome: string | undefined;
    const acting = remedy().apply(context);
    void acting.then((text) => (outcome = text));
    await eventually(() => port.lists() >= 3);
    expect(outcome).toBeUndefined();
    port.get('support').state = 'running';
    expect(await acting).toMatch(/^The platform was starting support already; it runs again/);
    expect(port.acts).toEqual([]);
  });

  it('restarts a process whose boot does not end, or failed', async () => {
    port.get('support').state = 'starting';
    expect(await remedy(1).apply(context)).toMatch(/^The platform killed support/);
    port.get('support').state = 'starting';
    const acting = remedy().apply({ ...context, actionId: 'act_2' });
    await eventually(() => port.lists() >= 3);
    port.get('support').state = 'backing-off';
    expect(await acting).toMatch(/^The platform killed support/);
    expect(port.acts).toHaveLength(2);
  });
});
