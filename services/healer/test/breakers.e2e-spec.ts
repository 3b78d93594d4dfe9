import { Bus } from '@gridworks/bus';
import {
  type Breaker,
  breakerChanged,
  errorCaptured,
  instanceRequest,
  listBreakers,
  listIncidents,
  setBreaker,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { asAdmin } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { capture, captured } from './caught-errors.ts';
import { SIGNING_KEY } from './fake-instance.ts';
import { HealerFixture } from './healer-fixture.ts';
import { type HealerService, startHealerService } from './healer-service.ts';

const now = () => new Date().toISOString();

/** The healer as a service, over a real bus, while PostgreSQL is away. */
describe('the breakers of all instances', () => {
  let fixture: HealerFixture;
  let service: HealerService;
  let billing: Bus;
  const status: Omit<Breaker, 'object' | 'service' | 'instance'> = {
    breaker: 'postgres',
    state: 'closed',
    mode: 'auto',
    reason: 'it works',
    since: now(),
    reopens_at: null,
    consecutive_failures: 0,
    opened_total: 0,
  };

  beforeAll(async () => {
    fixture = await HealerFixture.start();
    // The second instance never responds.
    await Promise.all([fixture.instance('billing'), fixture.instance('support')]);
    billing = await Bus.connect({
      servers: fixture.nats.url,
      ...fixture.nats.credentials('billing'),
      service: 'billing',
      instance: 'billing-control',
      signingKey: SIGNING_KEY,
    });
    await billing.serve(
      instanceRequest('billing', 'breakers', 'billing'),
      async () => ({ instance: 'billing', breakers: [status] }),
      { shared: false },
    );
    await billing.serve(
      instanceRequest('billing', 'set-breaker', 'billing'),
      async ({ mode, reason }) => ({
        instance: 'billing',
        breaker: { ...status, mode, reason, state: 'open' },
      }),
      { shared: false },
    );
    service = await startHealerService(fixture, 'postgres://healer:nobody@127.0.0.1:1/none', {
      HEALER_CAPTURES_HOLD_MS: '300',
      HEALER_CAPTURES_QUIET_MS: '5000',
    });
    await eventually(
      () => service.healer.pulses.isHealthy('billing') && service.healer.pulses.isHealthy('support'),
    );
  }, 60_000);
  afterAll(async () => {
    await service?.stop();
    await billing?.close();
    await fixture?.stop();
  });

  it('are those of every instance that responds in time', async () => {
    expect(await asAdmin(service.gateway).request(listBreakers, {})).toEqual({
      object: 'list',
      url: '/v1/admin/breakers',
      has_more: false,
      data: [{ object: 'breaker', service: 'billing', instance: 'billing', ...status }],
    });
  });

  it('are set by the instance itself', async () => {
    const input = { instance: 'billing', breaker: 'postgres', mode: 'open', reason: 'a drill' } as const;
    expect(await asAdmin(service.gateway).request(setBreaker, input)).toMatchObject({
      instance: 'billing',
      state: 'open',
      mode: 'open',
      reason: 'a drill',
    });
    await expect(
      asAdmin(service.gateway).request(setBreaker, { ...input, instance: 'billing-9' }),
    ).rejects.toMatchObject({
      code: 'HEALER.INSTANCE_NOT_FOUND',
    });
  });

  it('appear in the timeline of the errors that opened them', async () => {
    await billing.publish(errorCaptured.billing, captured(capture({ healed: 0 })));
    const incident = async () => (await asAdmin(service.gateway).request(listIncidents, {})).data[0];
    await eventually(async () => expect((await incident())?.status).toBe('open'));
    await billing.publish(breakerChanged.billing, {
      service: 'billing',
      instance: 'billing',
      breaker: 'postgres',
      from: 'closed',
      to: 'open',
      mode: 'auto',
      reason: '5 failures in a row',
      at: now(),
    });
    await eventually(async () =>
      expect((await incident())?.timeline.map(({ text }) => text).join('\n')).toContain(
        'billing opened its breaker for calls to postgres',
      ),
    );
    expect((await asAdmin(service.gateway).request(listIncidents, {})).data).toHaveLength(1);
  });
});
