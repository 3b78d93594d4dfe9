import { AppError, BREAKER_NOT_FOUND, type Pulse, UNAVAILABLE } from '@gridworks/contracts';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { PulseRegistry } from '../verification/pulse-registry.ts';
import { BreakerFleet } from './breaker-fleet.ts';

const status = (breaker: string) => ({
  breaker,
  state: 'closed' as const,
  mode: 'auto' as const,
  reason: 'it works',
  since: new Date(0).toISOString(),
  reopens_at: null,
  consecutive_failures: 0,
  opened_total: 0,
});

describe('the breakers of the fleet', () => {
  let requested: { subject: string; input: unknown; deadlineMs: number }[];
  let fleet: BreakerFleet;
  beforeEach(() => {
    requested = [];
    const pulses = new PulseRegistry(() => 0);
    for (const [service, instance] of [
      ['billing', 'billing-2'],
      ['billing', 'billing'],
      ['auth', 'auth'],
    ])
      pulses.onPulse({
        service,
        instance,
        boot_id: instance,
        sequence: 1,
        started_at: '',
      } as unknown as Pulse);
    const request = async (contract: { subject: string }, input: { breaker?: string }, options: object) => {
      requested.push({ subject: contract.subject, input, ...(options as { deadlineMs: number }) });
      if (contract.subject.includes('auth')) throw new AppError(UNAVAILABLE);
      if (input.breaker === 'nonsense') throw new AppError(BREAKER_NOT_FOUND);
      return input.breaker
        ? { instance: '', breaker: status(input.breaker) }
        : { instance: '', breakers: [status('redis'), status('postgres')] };
    };
    fleet = new BreakerFleet({ request: request as never }, pulses);
  });

  it('are those of every instance that responds', async () => {
    const found = await fleet.list();
    expect(found.map(({ instance, breaker }) => `${instance}/${breaker}`)).toEqual([
      'billing/postgres',
      'billing/redis',
      'billing-2/postgres',
      'billing-2/redis',
    ]);
    expect(requested.map(({ subject }) => subject).sort()).toEqual([
      'rpc.auth.instance.breakers.auth',
      'rpc.billing.instance.breakers.billing',
      'rpc.billing.instance.breakers.billing-2',
    ]);
    expect(new Set(requested.map(({ deadlineMs }) => deadlineMs))).toEqual(new Set([500]));
  });

  it('are set one at a time, on an instance that is known', async () => {
    const input = { instance: 'billing-2', breaker: 'postgres', mode: 'open', reason: 'a drill' } as const;
    expect(await fleet.set(input)).toMatchObject({
      object: 'breaker',
      service: 'billing',
      instance: 'billing-2',
      breaker: 'postgres',
    });
    expect(requested).toMatchObject([
      {
        subject: 'rpc.billing.instance.set-breaker.billing-2',
        input: { breaker: 'postgres', mode: 'open', reason: 'a drill' },
      },
    ]);
    await expect(fleet.set({ ...input, instance: 'billing-9' })).rejects.toMatchObject({
      code: 'HEALER.INSTANCE_NOT_FOUND',
    });
    await expect(fleet.set({ ...input, breaker: 'nonsense' })).rejects.toMatchObject({
      code: 'PLATFORM.BREAKER_NOT_FOUND',
    });
  });
});
