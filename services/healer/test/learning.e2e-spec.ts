import { Bus } from '@gridworks/bus';
import {
  createPause,
  errorCaptured,
  type HealingStrategy,
  listPatterns,
  newId,
  PATTERN_TABLE_KEY,
  type PatternTable,
  patternTableSchema,
  removePattern,
  removePause,
  type ServiceName,
} from '@gridworks/contracts';
import { allowedMs, eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { asAdmin } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SIGNING_KEY } from './fake-instance.ts';
import { HealerFixture } from './healer-fixture.ts';
import { type HealerService, startHealerService } from './healer-service.ts';
import { aCapture, batchOf } from './learned-patterns.ts';

/** The service over a real bus and a real PostgreSQL; captures come from billing, the table is read by gateway. */
describe('what is learned, and who hears of it', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let service: HealerService;
  let billing: Bus;
  let reader: Bus;
  let databaseUrl: string;
  const seen: { table: PatternTable | null; at: number }[] = [];
  const inUse = () => seen.at(-1)?.table?.patterns ?? {};

  beforeAll(async () => {
    [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
    databaseUrl = await postgres.createServiceDatabase('healer');
    const connect = (name: ServiceName) =>
      Bus.connect({
        servers: fixture.nats.url,
        ...fixture.nats.credentials(name),
        service: name,
        instance: `${name}-of-spec`,
        signingKey: SIGNING_KEY,
      });
    [billing, reader] = await Promise.all([connect('billing'), connect('gateway')]);
    service = await startHealerService(fixture, databaseUrl);
    const bucket = await reader.bucket('healer_patterns', patternTableSchema);
    bucket.watch(({ key, value }) => {
      if (key === PATTERN_TABLE_KEY) seen.push({ table: value, at: performance.now() });
    });
    await eventually(() => expect(seen.at(-1)?.table?.patterns).toEqual({}), { timeoutMs: 15_000 });
  }, 60_000);
  afterAll(async () => {
    await service?.stop();
    await billing?.close();
    await reader?.close();
    await fixture?.stop();
    await postgres?.stop();
  });

  /** One occurrence now, of an error of its own for each test. */
  const happened = (fingerprint: string, healed: number, failed = 0, more = {}) => {
    const at = new Date().toISOString();
    const outcomes = { RETRY_WITH_BACKOFF: { healed, failed } };
    return aCapture(outcomes, { fingerprint, first_at: at, last_at: at, id: newId('event'), ...more });
  };
  const notify = (...captures: ReturnType<typeof aCapture>[]) =>
    billing.publish(errorCaptured.billing, batchOf(...captures));
  const patternOf = async (fingerprint: string) =>
    (await asAdmin(service.gateway).request(listPatterns, { limit: 100 })).data.find(
      (pattern) => pattern.fingerprint === fingerprint,
    );
  const healedOf = (fingerprint: string, healed: number) =>
    eventually(async () => expect((await patternOf(fingerprint))?.healed).toBeCloseTo(healed, 3));
  const decides = (fingerprint: string, strategy: HealingStrategy | undefined) =>
    eventually(() => expect(inUse()[fingerprint]?.strategy).toBe(strategy));

  it('every process knows within a second of the tenth healed capture, and not before', async () => {
    for (let i = 1; i <= 9; i++) await notify(happened('ten', 1));
    await healedOf('ten', 9);
    expect(await patternOf('ten')).toMatchObject({ state: 'learning', origin: 'learned', success_rate: 1 });
    expect(inUse().ten).toBeUndefined();
    await notify(happened('ten', 1));
    const stored = performance.now();
    await decides('ten', 'RETRY_WITH_BACKOFF');
    expect(seen.at(-1)!.at - stored).toBeLessThan(allowedMs(1000));
    expect(inUse().ten).toEqual({ strategy: 'RETRY_WITH_BACKOFF', origin: 'learned' });
    const decided = await patternOf('ten');
    expect(decided).toMatchObject({ object: 'pattern', state: 'deciding', service: 'billing' });
    expect(decided!.lower_bound).toBeGreaterThan(0.6);
    const { data } = await asAdmin(service.gateway).request(listPatterns, { state: 'deciding' });
    expect(data.map(({ id }) => id)).toEqual([decided!.id]);
  });

  it('and within a second that it fell', async () => {
    await notify(happened('fallen', 10));
    await decides('fallen', 'RETRY_WITH_BACKOFF');
    await notify(happened('fallen', 0, 3));
    const stored = performance.now();
    await decides('fallen', undefined);
    expect(seen.at(-1)!.at - stored).toBeLessThan(allowedMs(1000));
    expect(await patternOf('fallen')).toMatchObject({
      state: 'demoted',
      healed: 0,
      why: 'demoted: it failed 3 times in a row',
    });
  });

  it('a capture in two events counts once', async () => {
    const [one, two] = [happened('twice', 3), happened('twice', 4)];
    await notify(one);
    await notify(one, two);
    await notify(two, one);
    await notify(happened('twice', 1));
    await healedOf('twice', 8);
  });

  it('labelled occurrences train nothing, not even when they are reported after the label ended', async () => {
    const label = await asAdmin(service.gateway).request(createPause, {
      scope: 'server:postgres',
      effect: 'label',
      reason: 'a chaos run',
    });
    const during = happened('labelled', 10);
    await notify(happened('labelled', 10));
    await asAdmin(service.gateway).request(removePause, { id: label.id });
    await notify(during);
    // Before the label, and its grace: this one shows that the others were passed over.
    const before = new Date(Date.parse(label.created_at) - 6000).toISOString();
    await notify(happened('labelled', 1, 0, { first_at: before, last_at: before }));
    // Redis was not part of the experiment.
    await notify(happened('not-labelled', 10, 0, { dependency: 'redis' }));
    await healedOf('not-labelled', 10);
    await healedOf('labelled', 1);
    expect(inUse().labelled).toBeUndefined();
  });

  it('labelled occurrences train when the label says so', async () => {
    // The label of the test before would cover these errors as well, since the dependency is the same.
    await asAdmin(service.gateway).request(createPause, {
      scope: 'service:billing',
      effect: 'label',
      reason: 'a rehearsal',
      trains: true,
      seconds: 1,
    });
    await notify(happened('rehearsed', 10, 0, { dependency: 'smtp' }));
    await decides('rehearsed', 'RETRY_WITH_BACKOFF');
  });

  it('what an admin forgets, decides no more', async () => {
    await notify(happened('wrong', 20, 0, { dependency: 'smtp' }));
    await decides('wrong', 'RETRY_WITH_BACKOFF');
    const { id } = (await patternOf('wrong'))!;
    const forgotten = await asAdmin(service.gateway).request(removePattern, { id });
    expect(forgotten).toMatchObject({ id, state: 'demoted', healed: 0, lower_bound: 0 });
    await decides('wrong', undefined);
    await notify(happened('wrong', 9, 0, { dependency: 'smtp' }));
    await healedOf('wrong', 9);
    expect(inUse().wrong).toBeUndefined();
    await expect(
      asAdmin(service.gateway).request(removePattern, { id: newId('pattern') }),
    ).rejects.toMatchObject({
      code: 'HEALER.PATTERN_NOT_FOUND',
    });
  });

  it('patterns come in pages, newest first', async () => {
    const { data: all } = await asAdmin(service.gateway).request(listPatterns, { limit: 100 });
    expect(all.length).toBeGreaterThanOrEqual(5);
    const first = await asAdmin(service.gateway).request(listPatterns, { limit: 2 });
    expect(first).toMatchObject({ object: 'list', url: '/v1/admin/patterns', has_more: true });
    const second = await asAdmin(service.gateway).request(listPatterns, {
      limit: 2,
      starting_after: first.data[1]!.id,
    });
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(all.slice(0, 4).map(({ id }) => id));
    const back = await asAdmin(service.gateway).request(listPatterns, {
      limit: 2,
      ending_before: second.data[0]!.id,
    });
    expect(back.data.map(({ id }) => id)).toEqual(first.data.map(({ id }) => id));
  });

  it('errors that are reported while PostgreSQL is away are learned when it is back', async () => {
    await postgres.kill9();
    const captures = Array.from({ length: 10 }, () => happened('waited', 1, 0, { dependency: 'smtp' }));
    for (const capture of captures) await notify(capture);
    await postgres.restart();
    await eventually(() => expect(inUse().waited?.strategy).toBe('RETRY_WITH_BACKOFF'), {
      timeoutMs: 30_000,
    });
  }, 60_000);

  it('a bus that lost everything gets the table again', async () => {
    const before = inUse();
    expect(Object.keys(before).length).toBeGreaterThan(2);
    const last = seen.at(-1)!;
    await fixture.nats.kill9();
    await fixture.nats.loseStore();
    await fixture.nats.restart();
    // The table is compared every 15 s: one comparison may come before the bucket is there again.
    await eventually(() => expect(seen.at(-1)).not.toBe(last), { timeoutMs: 40_000 });
    expect(inUse()).toEqual(before);
    expect(seen.at(-1)!.table!.version).toBeGreaterThan(last.table!.version);
  }, 120_000);
});
