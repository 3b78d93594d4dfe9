import type { Bus } from '@gridworks/bus';
import { createDemoSession, getDemoSession, injectDemoFault, newId } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBilling } from './billing-under-test.ts';

describe('a sandbox of billing', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;
  beforeAll(async () => {
    billing = await startBilling();
    await billing.startInstance();
    gateway = await billing.startGateway();
  });
  afterAll(() => billing?.stop());

  it('heals twice after its thread was terminated under load, and loses no call', async () => {
    const { id, status } = await gateway.request(createDemoSession, { client_ip: '192.0.2.1' });
    expect(status).toBe('ready');
    const read = () => gateway.request(getDemoSession, { id });
    await eventually(async () => expect((await read()).calls.responded).toBeGreaterThan(5));
    let repeatedBefore = (await read()).calls.repeated;
    for (let round = 0; round < 2; round++) {
      expect((await gateway.request(injectDemoFault, { id })).status).toMatch(/^(broken|healing)$/);
      await eventually(async () => expect((await read()).status).toBe('healed'), { timeoutMs: 20_000 });
      const { timeline, calls } = await read();
      expect(timeline.map(({ kind }) => kind)).toEqual([
        ...['injected', 'observed', 'decided', 'acted', 'verified'],
      ]);
      const times = timeline.map(({ at }) => Date.parse(at));
      expect(times).toEqual([...times].sort((a, b) => a - b));
      // Calls failed with the terminated thread; without that the test proves nothing.
      expect(calls.repeated).toBeGreaterThan(repeatedBefore);
      expect(calls.lost).toBe(0);
      repeatedBefore = calls.repeated;
    }
    const { made } = (await read()).calls;
    await eventually(async () => expect((await read()).calls.responded).toBeGreaterThanOrEqual(made));
    expect((await read()).calls.lost).toBe(0);
  }, 60_000);

  it('adds nothing to usage, and publishes nothing', async () => {
    const rows = await billing.query('select count(*)::int as count from usage_records');
    expect(rows).toEqual([{ count: 0 }]);
    const outbox = await billing.query('select count(*)::int as count from outbox');
    expect(outbox).toEqual([{ count: 0 }]);
  });

  it('is unknown by another id', async () => {
    await expect(gateway.request(getDemoSession, { id: newId('demo') })).rejects.toMatchObject({
      code: 'BILLING.DEMO_SESSION_NOT_FOUND',
    });
  });
});
