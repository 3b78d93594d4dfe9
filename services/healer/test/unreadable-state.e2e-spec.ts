import {
  createPause,
  listIncidents,
  listPauses,
  newId,
  type Principal,
  removePause,
} from '@gridworks/contracts';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { HealerFixture } from './healer-fixture.ts';
import { type HealerService, startHealerService } from './healer-service.ts';
import { symptom } from './symptoms.ts';

const admin: Principal = {
  kind: 'session',
  id: newId('session'),
  partner_id: null,
  user_id: newId('user'),
  role: 'platform_admin',
  mode: null,
};

const processes = ['billing', 'auth', 'support'] as const;

/** Real buckets into which a stranger, or another release, has written what this healer cannot read. */
describe('a value in a bucket that cannot be read', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let service: HealerService;
  let stranger: NatsConnection;

  beforeAll(async () => {
    [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
    const { user, password } = fixture.nats.credentials('healer');
    stranger = await connect({ servers: fixture.nats.url, user, pass: password });
    for (const name of processes) await fixture.instance(name);
    fixture.platform.hooks.onAct = ({ process }) => fixture.instances.get(process)!.reboot();
    service = await startHealerService(fixture, await postgres.createServiceDatabase('healer'));
    for (const name of processes) await eventually(() => service.healer.pulses.isHealthy(name));
  }, 60_000);
  afterAll(async () => {
    await service?.stop();
    await stranger?.close();
    await fixture?.stop();
    await postgres?.stop();
  });

  const write = async (bucket: string, key: string, value: string) => {
    stranger.publish(`$KV.${bucket}.${key}`, value);
    await stranger.flush();
  };
  const incidents = async () =>
    (await service.gateway.request(listIncidents, { limit: 100 }, { principal: admin })).data;
  const pauses = async () =>
    (await service.gateway.request(listPauses, {}, { principal: admin })).data.map(({ reason }) => reason);
  const subjects = (from = 0) =>
    fixture.smtp.messages.slice(from).map(({ subject }) => subject.replace(/, (for|healed in) .*/, ''));
  /** It hangs, and this is what becomes of its incident. */
  const freeze = async (name: (typeof processes)[number]) => {
    fixture.instances.get(name)!.freeze();
    await fixture.report(symptom('instance.unresponsive', { kind: 'service', name, process: name }));
    return async () => (await incidents()).find(({ cause }) => cause.target.process === name)?.status;
  };
  const restarted = () => fixture.platform.acts.map(({ process }) => process);

  it('stops nothing, and is reported once', async () => {
    for (const [bucket, key, value] of [
      ['healer_leases', 'billing', ''],
      ['healer_limits', 'acts', 'not JSON'],
      ['healer_patterns', 'table', '{"version":"one"}'],
      ['healer_prompts', 'f00d', '{"schema_version":99}'],
      ['healer_incidents', 'inc_0UQ3kZ1aB7dEfGhIjKlMnO', '[]'],
    ] as const) {
      await (await service.bus.bucket(bucket, z.unknown())).keys(); // it is made when it is first used
      await write(bucket, key, value);
    }
    const status = await freeze('billing');
    await eventually(async () => expect(await status()).toBe('resolved'), { timeoutMs: 15_000 });
    expect(restarted()).toEqual(['billing']);
    await eventually(
      () =>
        // Whether a human must still act depends on the documents that were written again by then.
        expect(
          subjects()
            .map((subject) => subject.replace(/^\[.*\] /, ''))
            .sort(),
        ).toEqual(['billing does not respond', 'healer cannot read a part of what it stored']),
      { timeoutMs: 15_000 },
    );
    // The documents that were written again can be read.
    await eventually(
      async () => expect((await incidents()).map((one) => one.status)).toEqual(['resolved', 'resolved']),
      { timeoutMs: 40_000 },
    );
  }, 90_000);

  it('pauses everything when it is the pauses, is reported once, and is replaced by a new pause', async () => {
    const mailed = fixture.smtp.messages.length;
    await write('healer_pauses', 'pauses', '');
    const status = await freeze('auth');
    await eventually(async () => expect(await status()).toBe('escalated'), { timeoutMs: 15_000 });
    await eventually(
      () =>
        expect(subjects(mailed).sort()).toEqual([
          '[ACTION NEEDED] auth does not respond',
          '[ACTION NEEDED] healer cannot read its pauses, so that everything is paused',
        ]),
      { timeoutMs: 15_000 },
    );
    expect(restarted()).toEqual(['billing']);
    expect(await pauses()).toEqual([expect.stringContaining('cannot be read')]);

    await service.gateway.request(
      createPause,
      { scope: 'service:gateway', reason: 'a deploy', seconds: 60 },
      { principal: admin },
    );
    expect(await pauses()).toEqual(['a deploy']);
    const next = await freeze('support');
    await eventually(async () => expect(await next()).toBe('resolved'), { timeoutMs: 15_000 });
    expect(restarted()).toEqual(['billing', 'support']);
    await eventually(
      async () =>
        expect((await incidents()).find(({ cause }) => cause.signal === 'pauses.unreadable')?.status).toBe(
          'resolved',
        ),
      { timeoutMs: 15_000 },
    );
    expect(subjects().filter((subject) => subject.includes('pauses'))).toHaveLength(1);
  }, 60_000);

  it('can be removed when it is the pauses', async () => {
    await write('healer_pauses', 'pauses', '{"schema_version":2,"pauses":[]}');
    const [pause] = (await service.gateway.request(listPauses, {}, { principal: admin })).data;
    await service.gateway.request(removePause, { id: pause!.id }, { principal: admin });
    expect(await pauses()).toEqual([]);
  });

  it('is not one that a release before this one has written', async () => {
    const now = Date.now();
    const old = {
      object: 'pause',
      id: newId('pause'),
      scope: 'all',
      effect: 'label',
      reason: 'of old',
      trains: false,
      created_by: 'usr_old',
      created_at: new Date(now).toISOString(),
      expires_at: new Date(now + 60_000).toISOString(),
    };
    await write('healer_pauses', 'pauses', JSON.stringify([old]));
    expect(await pauses()).toEqual(['of old']);
  });
});
