import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bug, capture, captured } from '../../test/caught-errors.ts';
import { SimulatedHealing } from '../../test/simulated-healing.ts';
import { billing, postgres, symptom } from '../../test/symptoms.ts';

describe('errors that processes caught', () => {
  let world: SimulatedHealing;
  beforeEach(() => {
    world = new SimulatedHealing();
  });
  afterEach(() => world.stop());

  const ofErrors = () =>
    world.records().filter(({ captured: state, hold_until }) => state !== null && hold_until === null);
  const only = async (status: string) =>
    eventually(() => {
      expect(ofErrors().map(({ incident }) => incident.status)).toEqual([status]);
      return ofErrors()[0]!;
    });
  const calm = (ms: number) => {
    const until = Date.now() + ms;
    return eventually(() => Date.now() > until);
  };

  it('that were all healed are a resolved incident without a mail', async () => {
    const { captures, mailer } = world.healer();
    await captures.take(captured(capture()));
    expect(world.records()).toMatchObject([{ hold_until: expect.any(String) }]); // stored before it is published
    const { incident } = await only('resolved');
    expect(incident).toMatchObject({
      title: 'billing: connection lost in calls to postgres',
      cause: { signal: 'errors.captured', target: billing },
      decided_by: 'rule',
      rule: 'node/ECONNRESET',
      errors: [{ process: 'billing', count: 12, healed: 12 }],
    });
    expect(incident.timeline.map(({ text }) => text).join('\n')).toContain(
      'billing healed 12 of 12 failed calls to postgres (connection lost) by RETRY_WITH_BACKOFF.',
    );
    mailer.sweep();
    await calm(100);
    expect([world.mails, world.acts]).toEqual([[], []]);
  });

  it('that pass by themselves are over when nothing more comes, without a mail', async () => {
    const { captures } = world.healer();
    await captures.take(captured(capture({ healed: 0 })));
    await only('open');
    await captures.take(captured(capture({ healed: 0 })));
    const { incident } = await only('resolved');
    expect(incident.errors).toMatchObject([{ count: 24, healed: 0 }]);
    expect(world.mails).toEqual([]);
  });

  it('that should pass and do not are mailed once, and close later without a second mail', async () => {
    const { captures } = world.healer();
    const going = setInterval(() => void captures.take(captured(capture({ healed: 0 }))), 40);
    await only('escalated');
    await eventually(() => world.mails.length === 1);
    clearInterval(going);
    const { incident } = await only('resolved');
    await calm(100);
    expect(world.mails).toEqual([{ id: incident.id, status: 'escalated' }]);
    expect(world.acts).toEqual([]);
  });

  it('that nothing can be done about are mailed at once, and the same error only once a day', async () => {
    const { captures } = world.healer();
    await captures.take(captured(bug()));
    const first = await only('escalated');
    await eventually(() => world.mails.length === 1);
    await only('resolved');
    await calm(700); // beyond the recurrence: another incident
    await captures.take(captured(bug()));
    await eventually(() => expect(ofErrors()).toHaveLength(2));
    const second = await eventually(() => {
      const record = ofErrors()[0]!;
      expect(record.captured?.mail).toBe('withheld');
      return record;
    });
    expect(second.incident.timeline.map(({ text }) => text).join()).toContain(first.incident.id);
    await captures.take(captured(bug({ fingerprint: 'bad0000000000002' }), 'support'));
    await eventually(() => expect(world.mails).toHaveLength(2)); // another service
  });

  it.each([
    ...['invalid_input', 'not_found', 'constraint_violation', 'concurrency_conflict'],
    ...['permission_denied', 'payload_too_large'],
  ])('are ours when they are called %s: what left as a 500 is no caller’s business', async (kind) => {
    const { captures } = world.healer();
    await captures.take(captured(bug({ kind, dependency: 'postgres', category: 'database' })));
    await only('escalated');
    await eventually(() => expect(world.mails).toHaveLength(1));
  });

  it('are no incident when the caller has gone', async () => {
    const { captures } = world.healer();
    await captures.take(captured(bug({ kind: 'cancelled', dependency: 'postgres', category: 'database' })));
    await calm(150);
    expect(world.records()).toEqual([]);
    await captures.take(captured(bug({ kind: 'cancelled' }))); // a handler that ended so: left as a 500
    await only('escalated');
  });

  it('that an optional call could do without count as healed', async () => {
    const { captures } = world.healer();
    const outcomes = { SKIP_OPERATION: { healed: 3, failed: 0 } };
    await captures.take(captured(capture({ criticality: 'optional', count: 3, healed: 0, outcomes })));
    await only('resolved');
    expect(world.mails).toEqual([]);
  });

  it('of a thousand forms are one incident of bounded size, with one mail', async () => {
    const { captures } = world.healer();
    for (let batch = 0; batch < 10; batch++) {
      const storm = Array.from({ length: 100 }, (_, i) =>
        bug({
          fingerprint: `${batch}-${i}`,
          count: 100,
          error: { ...bug().error, message: 'x'.repeat(1000) },
        }),
      );
      await captures.take(captured(storm));
    }
    await only('escalated');
    await eventually(() => expect(ofErrors()[0]?.captured?.occurrences).toBe(100_000));
    await eventually(() => world.mails.length === 1);
    const [record] = ofErrors();
    expect(record!.incident.errors).toHaveLength(20);
    expect(record!.captured?.unlisted).toBe(980);
    expect(JSON.stringify(record).length).toBeLessThan(60_000);
    expect(world.mails).toHaveLength(1);
  });

  it('delivered twice, also to another healer, are counted once', async () => {
    const one = world.healer();
    const two = world.healer('healer-2');
    const event = captured(bug());
    await Promise.all([one.captures.take(event), two.captures.take(event), one.captures.take(event)]);
    await only('escalated');
    await two.captures.take(event);
    await eventually(() => world.mails.length > 0);
    await calm(100);
    expect(ofErrors()).toMatchObject([{ incident: { errors: [{ count: 1 }] } }]);
    expect(world.mails).toHaveLength(1);
  });

  it('of a server that is seen to be dead afterwards join its incident: no second one, no second mail', async () => {
    const { captures, intake } = world.healer();
    world.unhealthy.add('postgres');
    await captures.take(captured(capture({ healed: 10 })));
    await captures.take(
      captured(capture({ healed: 0, dependency: 'auth', source: 'gateway.rpc.auth' }), 'gateway'),
    );
    await intake.observe(symptom('server.unresponsive', postgres), null);
    await eventually(() => expect(world.records()).toHaveLength(1));
    await captures.take(captured(capture({ healed: 0 }))); // late
    await captures.take(captured(capture({ healed: 0, kind: 'timeout', fingerprint: 'a' }), 'support'));
    await eventually(() => expect(world.records()[0]?.joined_errors).toHaveLength(3));
    await eventually(() => world.mails.length > 0);
    const [record] = world.records();
    expect(record!.incident.cause.target).toEqual(postgres);
    expect(record!.incident.timeline.map(({ text }) => text)).toContain(
      'billing healed 10 of 12 failed calls to postgres (connection lost) by RETRY_WITH_BACKOFF.',
    );
    await calm(200);
    expect(world.records()).toHaveLength(1);
    expect(world.mails).toEqual([{ id: record!.incident.id, status: 'resolved' }]);
  });

  it('of an open incident are merged into what is seen to be behind them, unless that was mailed', async () => {
    const { captures, intake } = world.healer();
    await captures.take(captured(capture({ healed: 0 })));
    const { incident } = await only('open');
    await intake.observe(symptom('server.restarted', postgres), null);
    const server = await eventually(() => {
      const found = world.records().find(({ incident: { cause } }) => cause.target.name === 'postgres');
      expect(found?.joined_errors).toEqual(['billing|postgres|connection_lost']);
      return found!;
    });
    await eventually(() =>
      expect(world.records().find((one) => one.incident.id === incident.id)?.merged_into).toBe(
        server.incident.id,
      ),
    );
    await eventually(() => world.mails.length > 0);
    await calm(200);
    expect(world.mails).toEqual([{ id: server.incident.id, status: 'resolved' }]);
  });

  it('that become worse are not mailed before their cause had its time to be detected', async () => {
    const { captures, intake } = world.healer();
    await captures.take(captured(capture({ healed: 0 })));
    await only('open');
    await captures.take(captured(bug({ dependency: 'postgres', kind: 'unknown' })));
    await intake.observe(symptom('server.restarted', postgres), null);
    await eventually(() => world.mails.length > 0);
    await calm(150);
    expect(world.mails).toMatchObject([{ status: 'resolved' }]);
    expect(world.records().filter(({ captured: state }) => state !== null)).toMatchObject([
      { mail: null, merged_into: world.mails[0]!.id },
    ]);
  });

  it('that only continue are not published: numbers alone appear with the next change', async () => {
    const { captures } = world.healer();
    await captures.take(captured(capture({ healed: 0 })));
    const { incident } = await only('open');
    await captures.take(captured(capture({ healed: 0 })));
    const counted = await eventually(() => {
      expect(ofErrors()[0]?.incident.errors).toMatchObject([{ count: 24 }]);
      return ofErrors()[0]!;
    });
    expect(counted.incident.revision).toBe(incident.revision);
  });

  it('of more groups than can be followed give way, the oldest first', async () => {
    world.captureLimits = { holdMs: 60_000 };
    const { captures } = world.healer();
    for (let i = 0; i < 130; i++)
      await captures.take(captured(capture({ dependency: null, source: `billing.spec.call-${i}` })));
    const sources = world.records().map(({ incident }) => incident.errors[0]!.source);
    expect(sources).toHaveLength(100);
    expect(sources).toContain('billing.spec.call-129');
    expect(sources).not.toContain('billing.spec.call-0');
  });

  it('neither hold up nor explain a symptom, and are never acted upon', async () => {
    const { captures, intake, driver } = world.healer();
    await captures.take(captured(bug()));
    const { incident } = await only('escalated');
    await eventually(() => world.mails.length === 1);
    driver.start(incident.id);
    intake.resume();
    await intake.observe(symptom('instance.unresponsive', billing), null);
    await eventually(() => expect(world.mails).toHaveLength(2));
    expect(world.acts.map((act) => act.incident?.cause.signal)).not.toContain('errors.captured');
    expect(await world.leaseBucket.keys()).toEqual(['billing']);
    expect(world.records().find((one) => one.incident.id === incident.id)?.incident.actions).toEqual([]);
  });

  it('are gone on with by the healer of the next boot', async () => {
    const first = world.healer();
    await first.captures.take(captured(capture({ healed: 0 })));
    await first.captures.take(captured(bug()));
    await world.stop();
    expect(world.records().every(({ hold_until }) => hold_until !== null)).toBe(true);
    const next = new SimulatedHealing();
    Object.assign(next, { incidentBucket: world.incidentBucket, claimBucket: world.claimBucket });
    const { context } = next.healer('healer', {}, 'another-boot');
    await context.incidents.load();
    await eventually(() => expect(next.mails).toHaveLength(1));
    await eventually(() =>
      expect(next.records().map(({ incident }) => incident.status)).toEqual(['resolved', 'resolved']),
    );
    expect(next.mails).toHaveLength(1);
    await next.stop();
  });

  it('carry the label of a period', async () => {
    const { captures, context } = world.healer();
    await context.pauses.add({
      object: 'pause',
      id: 'pau_0UQ3kZ1aB7dEfGhIjKlMnO',
      scope: 'all',
      effect: 'label',
      reason: 'chaos: kill billing',
      trains: false,
      created_by: 'spec',
      created_at: new Date().toISOString(),
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    });
    await captures.take(captured(capture()));
    expect((await only('resolved')).incident.experiment).toBe('chaos: kill billing');
  });

  it('that come back after the end reopen the incident, and what was healed does not', async () => {
    const { captures } = world.healer();
    await captures.take(captured(capture({ healed: 0 })));
    await only('open');
    await only('resolved');
    await captures.take(captured(capture()));
    await eventually(() => expect(ofErrors()[0]?.captured?.occurrences).toBe(24));
    expect(ofErrors()).toMatchObject([{ incident: { status: 'resolved' } }]);
    await captures.take(captured(capture({ healed: 0 })));
    await eventually(() =>
      expect(ofErrors()[0]?.incident.timeline.map(({ what }) => what)).toContain('reopened'),
    );
    await only('resolved');
    expect(world.mails).toEqual([]);
  });

  it('are processed again when the bus was away, and none is lost', async () => {
    const { captures } = world.healer();
    world.claimBucket.away = true;
    const event = captured(bug());
    await expect(captures.take(event)).rejects.toMatchObject({ kind: 'unavailable' });
    world.claimBucket.away = false;
    await captures.take(event);
    await only('escalated');
  });
});
