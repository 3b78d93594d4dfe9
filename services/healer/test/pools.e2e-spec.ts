import { Bus } from '@gridworks/bus';
import { type InstancePool, instanceRequest, listPools, setPool } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { asAdmin } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SIGNING_KEY } from './fake-instance.ts';
import { HealerFixture } from './healer-fixture.ts';
import { type HealerService, startHealerService } from './healer-service.ts';

type Pool = Omit<InstancePool, 'object' | 'service' | 'instance'>;

/** The healer as a service, over a real bus, while PostgreSQL is away. */
describe('the pools of all instances', () => {
  let fixture: HealerFixture;
  let service: HealerService;
  let billing: Bus;
  let pool: Pool = {
    in_use: 3,
    waiting: 0,
    max: 8,
    level: 'normal',
    mode: 'auto',
    queued_total: 4,
    refused_total: 1,
  };

  beforeAll(async () => {
    fixture = await HealerFixture.start();
    const [instance] = await Promise.all([
      fixture.instance('billing'),
      // It has no pool, and is not asked for one.
      fixture.instance('support'),
    ]);
    instance.self.dependencies = [
      { name: 'postgres', critical: true, status: 'up', connections_lost: 0, boot: null, pool },
    ];
    billing = await Bus.connect({
      servers: fixture.nats.url,
      ...fixture.nats.credentials('billing'),
      service: 'billing',
      instance: 'billing-control',
      signingKey: SIGNING_KEY,
    });
    const alone = { shared: false };
    await billing.serve(
      instanceRequest('billing', 'pool', 'billing'),
      () => ({ instance: 'billing', pool }),
      alone,
    );
    await billing.serve(
      instanceRequest('billing', 'set-pool', 'billing'),
      ({ mode, size }) => {
        pool = { ...pool, mode, max: size };
        return { instance: 'billing', pool };
      },
      alone,
    );
    service = await startHealerService(fixture, 'postgres://healer:nobody@127.0.0.1:1/none');
    await eventually(
      () =>
        service.healer.pulses.isHealthy('support') &&
        service.healer.pulses.of('billing')?.pulse.dependencies.some((one) => one.pool),
    );
  }, 60_000);
  afterAll(async () => {
    await service?.stop();
    await billing?.close();
    await fixture?.stop();
  });

  it('are those of every instance that has one', async () => {
    expect(await asAdmin(service.gateway).request(listPools, {})).toEqual({
      object: 'list',
      url: '/v1/admin/pools',
      has_more: false,
      data: [{ object: 'pool', service: 'billing', instance: 'billing', ...pool }],
    });
  });

  it('are set by the instance itself', async () => {
    const input = { instance: 'billing', mode: 'off', size: 20, reason: 'a drill' } as const;
    expect(await asAdmin(service.gateway).request(setPool, input)).toMatchObject({
      instance: 'billing',
      mode: 'off',
      max: 20,
    });
    expect(await asAdmin(service.gateway).request(listPools, {})).toMatchObject({ data: [{ max: 20 }] });
  });

  it('are not set for a process that nobody knows', async () => {
    const input = { instance: 'billing-9', mode: 'auto', size: 20, reason: 'a drill' } as const;
    await expect(asAdmin(service.gateway).request(setPool, input)).rejects.toMatchObject({
      code: 'HEALER.INSTANCE_NOT_FOUND',
    });
  });
});
