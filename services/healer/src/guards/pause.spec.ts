import type { Pause } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectRefusal, meet, pause } from '../../test/guard-under-test.ts';
import { MemoryBucket } from '../../test/memory-bucket.ts';
import { billing, symptom } from '../../test/symptoms.ts';
import { type PauseDocument, PauseRepository } from './pause.repository.ts';
import { LABEL_MEMORY_MS, labelOf, notPaused, rememberedLabels } from './pause.ts';

const frozen = () => symptom('instance.unresponsive');

describe('a pause', () => {
  it.each(['all', 'service:billing', 'remedy:platform.restart'])(
    'of %s keeps the remedy from being done',
    async (scope) => {
      const healed = await meet(frozen(), (_world, { context }) => void context.pauses.add(pause(scope)));
      expectRefusal(healed, /paused until .* by usr_test: a deploy/);
    },
  );

  it.each(['service:auth', 'server:postgres', 'remedy:instance.drain-and-exit'])(
    'of %s does not',
    async (scope) => {
      const healed = await meet(frozen(), (_world, { context }) => void context.pauses.add(pause(scope)));
      expect(healed.done).toEqual(['platform.restart']);
      expect(healed.incident.status).toBe('resolved');
    },
  );

  it('does not once it has expired, or was removed', async () => {
    const expired = pause('all', { expires_at: new Date(Date.now() - 1).toISOString() });
    const healed = await meet(frozen(), (_world, { context }) => void context.pauses.add(expired));
    expect(healed.done).toEqual(['platform.restart']);
    const removed = await meet(frozen(), async (_world, { context }) => {
      const { id } = await context.pauses.add(pause('all'));
      expect(await context.pauses.remove(id)).toMatchObject({ id });
      expect(await context.pauses.remove(id)).toBeNull();
    });
    expect(removed.done).toEqual(['platform.restart']);
  });

  it('that is only a label lets it be done, and marks the incident', async () => {
    const label = pause('service:billing', { effect: 'label', reason: 'service-freeze' });
    const healed = await meet(frozen(), (_world, { context }) => void context.pauses.add(label));
    expect(healed.done).toEqual(['platform.restart']);
    expect(healed.incident.experiment).toBe('service-freeze');
    expect(labelOf([label], { ...billing, name: 'auth' }, Date.now())).toBeNull();
  });

  it('ends at its very moment', () => {
    const one = pause('all');
    const act = { id: 'a', incidentId: 'i', rule: 'r', remedy: 'platform.restart' as const, target: billing };
    const end = Date.parse(one.expires_at);
    expect(notPaused(act, [one], end - 1).allowed).toBe(false);
    expect(notPaused(act, [one], end).allowed).toBe(true);
  });
});

describe('a pause under an idempotency key', () => {
  let now = Date.UTC(2026, 10, 22);
  const call = { scope: 'usr_1 rpc.healer.pause.create', key: 'k1', request: { scope: 'all', seconds: 60 } };
  const open = () => {
    const bucket = new MemoryBucket<PauseDocument>();
    return { bucket, pauses: new PauseRepository(bucket, () => now) };
  };

  it('is made once, also by two healers at once, and a repeat gets the first one', async () => {
    const { bucket, pauses } = open();
    const other = new PauseRepository(bucket, () => now);
    const made = await Promise.all([
      pauses.addOnce(pause('all'), call),
      other.addOnce(pause('all'), call),
      pauses.addOnce(pause('all'), { ...call, request: { seconds: 60, scope: 'all' } }),
    ]);
    expect(made.filter((one) => one.made)).toHaveLength(1);
    expect(new Set(made.map((one) => one.pause.id)).size).toBe(1);
    expect(await pauses.read()).toEqual([made[0].pause]);
    expect((await pauses.addOnce(pause('all'), { ...call, key: 'k2' })).made).toBe(true);
    expect((await pauses.addOnce(pause('all'), { ...call, scope: 'usr_2' })).made).toBe(true);
  });

  it('refuses another request, and stores neither', async () => {
    const { bucket, pauses } = open();
    await pauses.addOnce(pause('all'), call);
    await expect(
      pauses.addOnce(pause('service:auth'), { ...call, request: { scope: 'service:auth' } }),
    ).rejects.toMatchObject({ code: 'PLATFORM.IDEMPOTENCY_KEY_REUSED' });
    expect(await pauses.read()).toHaveLength(1);
    expect(JSON.stringify((await bucket.get('pauses'))!.value.keys)).not.toContain('k1');
  });

  it('is not made again after it was removed, for two days, and keys are bounded', async () => {
    const { bucket, pauses } = open();
    const { pause: first } = await pauses.addOnce(pause('all'), call);
    await pauses.remove(first.id);
    now += 47 * 3_600_000;
    await pauses.renew();
    expect(await pauses.addOnce(pause('all'), call)).toEqual({ pause: first, made: false });
    now += 3_600_000;
    expect((await pauses.addOnce(pause('all'), call)).made).toBe(true);
    for (let n = 0; n < 120; n++) await pauses.addOnce(pause('all'), { ...call, key: `many-${n}` });
    expect((await bucket.get('pauses'))!.value.keys).toHaveLength(100);
  });
});

describe('a label that has ended', () => {
  let now = 0;
  const iso = (ms: number) => new Date(ms).toISOString();
  const label = (more: Partial<Pause> = {}) =>
    pause('all', { effect: 'label', created_at: iso(now), expires_at: iso(now + 60_000), ...more });
  const open = () => {
    now = Date.UTC(2026, 10, 22);
    const bucket = new MemoryBucket<PauseDocument>();
    return { bucket, pauses: new PauseRepository(bucket, () => now) };
  };

  it('is remembered with the moment at which it was removed, and is no longer in force', async () => {
    const { pauses } = open();
    const one = await pauses.add(label());
    now += 10_000;
    expect(await pauses.remove(one.id)).toEqual(one);
    expect(await pauses.read()).toEqual([]);
    expect(pauses.lastKnown()).toEqual([]);
    expect(await pauses.remove(one.id)).toBeNull();
    expect(await pauses.labels()).toEqual([{ ...one, expires_at: iso(now) }]);
  });

  it('is remembered when it expired, whatever is written meanwhile', async () => {
    const { pauses } = open();
    const one = await pauses.add(label());
    now += 3_600_000;
    const two = await pauses.add(label({ scope: 'service:auth' }));
    await pauses.remove((await pauses.add(pause('service:billing', { expires_at: iso(now + 1000) }))).id);
    expect(await pauses.labels()).toEqual([one, two]);
    expect(await pauses.read()).toEqual([two]);
  });

  it('is forgotten two hours after its end', async () => {
    const { pauses } = open();
    const one = await pauses.add(label());
    now = Date.parse(one.expires_at) + LABEL_MEMORY_MS - 1;
    expect(await pauses.labels()).toEqual([one]);
    now++;
    expect(await pauses.labels()).toEqual([]);
  });

  it('is written again, so that the bucket does not forget it first', async () => {
    const { bucket, pauses } = open();
    await pauses.renew();
    expect(await bucket.keys()).toEqual([]);
    const one = await pauses.add(label());
    const revision = (await bucket.get('pauses'))!.revision;
    now += 120_000;
    await pauses.renew();
    expect(await bucket.get('pauses')).toEqual({ value: { pauses: [one] }, revision: revision + 1 });
    now += LABEL_MEMORY_MS;
    await pauses.renew();
    expect((await bucket.get('pauses'))!.value).toEqual({ pauses: [] });
  });

  it('says nothing rather than too little while the bus is away', async () => {
    const { bucket, pauses } = open();
    await pauses.add(label());
    bucket.away = true;
    await expect(pauses.labels()).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
  });

  it('never makes room for others by being forgotten: every labelled moment stays labelled', () => {
    const start = Date.UTC(2026, 10, 22);
    const period = fc.record({
      from: fc.integer({ min: -7000, max: -60 }),
      seconds: fc.integer({ min: 1, max: 59 }),
      trains: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(period, { minLength: 290, maxLength: 700 }), (periods) => {
        const labels = periods.map(({ from, seconds, trains }) =>
          pause('service:billing', {
            effect: 'label',
            trains,
            created_at: iso(start + from * 1000),
            expires_at: iso(start + (from + seconds) * 1000),
          }),
        );
        const kept = rememberedLabels(labels, start);
        expect(kept.length).toBeLessThanOrEqual(300);
        for (const one of labels.filter(({ trains }) => !trains))
          expect(
            kept.some(
              ({ created_at, expires_at, trains }) =>
                !trains && created_at <= one.created_at && expires_at >= one.expires_at,
            ),
          ).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
