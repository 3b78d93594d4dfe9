import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentError, Pattern, Verdict } from '@gridworks/contracts';
import { eventually, type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { sendSignal } from '../../local/src/supervise/process-tree.ts';
import { Freezer } from '../src/experiments/freeze-tree.ts';
import { logIn, type ProbePartner } from '../src/requests/probe-partner.ts';
import { ModelStandIn } from './model-stand-in.ts';
import { PortalUnderTest } from './portal-under-test.ts';
import { redisLines } from './redis-lines.ts';

const LONG_MS = 120_000;

/** What was tried on the first of equal errors, as `STRATEGY: outcome`. */
const tried = ({ steps }: IncidentError): string[] =>
  steps
    .filter(({ outcome }) => outcome !== 'skipped')
    .map(({ strategy, outcome }) => `${strategy}: ${outcome}`);

const healedBy =
  (source: string, strategy: IncidentError['strategy']) =>
  ({ source: of, outcomes }: IncidentError): boolean =>
    of === source && (outcomes[strategy]?.healed ?? 0) > 0;

describe('faults inside the processes of the running portal', () => {
  let relay: SmtpServerHandle;
  let backupRelay: SmtpServerHandle;
  let model: ModelStandIn;
  let portal: PortalUnderTest;
  let partner: ProbePartner;
  let sql: pg.Pool;
  const freezer = new Freezer();

  beforeAll(async () => {
    [relay, backupRelay, model] = await Promise.all([
      startSmtp(),
      startSmtp(),
      ModelStandIn.start(() => ({
        root_cause: 'A trigger of the table refuses the row.',
        kind: 'configuration_error',
        strategy: 'RETRY_WITH_BACKOFF',
        confidence: 0.7,
        evidence: ['the flux is misaligned'],
        target: 'support.postgres.transaction',
      })),
    ]);
    portal = await PortalUnderTest.start({
      SMTP_URL: relay.url,
      SMTP_BACKUP_URL: backupRelay.url,
      // So low that a gateway leases more from Redis every few hundred calls.
      GATEWAY_LIMIT_BURST: '4000',
      OPENAI_API_KEY: 'sk-of-a-test',
      OPENAI_BASE_URL: model.url,
    });
    partner = await portal.partner();
    sql = new pg.Pool({ connectionString: sqlUrl(), max: 2 });
    sql.on('error', () => undefined); // cut by one of the faults
  }, 180_000);

  afterAll(async () => {
    freezer.thaw();
    await sql?.end();
    await portal?.stop();
    await Promise.all([relay?.stop(), backupRelay?.stop(), model?.stop()]);
  }, 60_000);

  /** As the superuser, in the database of the services. */
  function sqlUrl(): string {
    const url = new URL(portal.system.databaseUrl);
    url.pathname = '/portal';
    return url.href;
  }

  /** Does something while another session holds what services need. */
  async function withSession<T>(work: (session: pg.Client) => Promise<T>): Promise<T> {
    const session = new pg.Client({ connectionString: sqlUrl() });
    await session.connect();
    try {
      return await work(session);
    } finally {
      await session.end();
    }
  }

  const request = (path: string, more: object = {}) =>
    portal.client.call(path, { token: partner.keys[0], timeoutMs: 10_000, ...more });
  const openTicket = () =>
    request('/v1/tickets', { method: 'POST', body: { subject: 'A question', body: 'Is all well?' } });

  /** Waits until a query of this role that holds these words waits for a lock; resolves with the pid of its backend. */
  async function waitingBackend(role: string, words: string): Promise<number> {
    let pid = 0;
    await eventually(
      async () => {
        const { rows } = await sql.query<{ pid: number }>(
          `select pid from pg_stat_activity
           where usename = $1 and wait_event_type = 'Lock' and position($2 in query) > 0`,
          [role, words],
        );
        if (!rows[0]) throw new Error(`nobody of ${role} waits for a lock`);
        pid = rows[0].pid;
      },
      { timeoutMs: 5000, everyMs: 10 },
    );
    return pid;
  }

  /** A question for the usage whose connection is cut while PostgreSQL works on it. */
  const requestWhileCut = () =>
    withSession(async (session) => {
      await session.query('begin; lock table billing.usage_daily in access exclusive mode');
      const requested = request('/v1/usage');
      await sql.query('select pg_terminate_backend($1)', [await waitingBackend('billing', 'grouping sets')]);
      await session.query('rollback');
      return (await requested).status;
    });

  it(
    'heal a read whose connection is cut under it: RESET_CONNECTION',
    async () => {
      expect(await requestWhileCut()).toBe(200);
      const { error } = await portal.reportedError(
        ({ source, healed }) => source === 'billing.postgres.read' && healed > 0,
      );
      expect(error).toMatchObject({ kind: 'connection_lost', dependency: 'postgres', decided_by: 'rule' });
      expect(tried(error).at(-1)).toBe('RESET_CONNECTION: healed');
    },
    LONG_MS,
  );

  it(
    'ask again when the asked process is killed, while it comes back: RETRY_WITH_BACKOFF',
    async () => {
      sendSignal(portal.pid('billing'), 'SIGKILL');
      // Each request waits up to its deadline of 2 s. A slow machine may take longer to start the process, so requests come
      // until it is back.
      const requested: ReturnType<typeof request>[] = [];
      await eventually(
        async () => {
          requested.push(request('/v1/plans'));
          const last = await Promise.race([requested.at(-1), sleep(250)]);
          return last?.status === 200;
        },
        { timeoutMs: 30_000, everyMs: 200 },
      );
      const statuses = (await Promise.all(requested)).map(({ status }) => status);
      expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
      // The report says what the partner saw: healed when the process was back within the deadline of the first request.
      const outcome = statuses[0] === 200 ? 'healed' : 'failed';
      const { incident, error } = await portal.reportedError(
        ({ source, outcomes }) =>
          source === 'gateway.rpc.billing' && (outcomes.RETRY_WITH_BACKOFF?.[outcome] ?? 0) > 0,
      );
      // A request that the process took before it ended times out first.
      expect(error.kind).toMatch(/^(no_responders|upstream_unavailable|connection_lost|timeout)$/);
      // The one of the process that ended, which the healer looks after; not a second one.
      expect(incident.cause).toMatchObject({ target: { process: 'billing' } });
    },
    LONG_MS,
  );

  it(
    'roll a deadlocked transaction back and do it again: ROLLBACK_TRANSACTION',
    async () => {
      const { body } = await openTicket();
      const { id } = body as { id: string };
      const response = await withSession(async (session) => {
        // So that PostgreSQL finds the deadlock from the other side.
        await session.query(`set deadlock_timeout = '30s'`);
        await session.query('begin; lock table support.outbox in exclusive mode');
        const requested = request(`/v1/tickets/${id}`, { method: 'PATCH', body: { status: 'in_progress' } });
        await waitingBackend('support', 'outbox');
        await session.query('update support.tickets set subject = subject where id = $1', [id]);
        await session.query('rollback');
        return requested;
      });
      expect(response.status).toBe(200);
      const { error } = await portal.reportedError(
        healedBy('support.postgres.transaction', 'ROLLBACK_TRANSACTION'),
      );
      expect(error.kind).toBe('deadlock');
      const { rows } = await sql.query('select version from support.tickets where id = $1', [id]);
      expect(rows).toEqual([{ version: 2 }]);
    },
    LONG_MS,
  );

  it(
    'throw a poisoned entry of the cache away and count anew: CLEAR_CACHE_AND_RETRY',
    async () => {
      const { port, password } = portal.redis();
      const response = await redisLines(port, password, 'KEYS limit:*');
      const keys = response.split('\r\n').filter((line) => line.startsWith('limit:'));
      expect(keys.length).toBeGreaterThan(0);
      await redisLines(port, password, ...keys.map((key) => `SET ${key} "not a number"`));
      await eventually(
        async () => {
          // Leases are renewed ahead of need, so it takes some calls until the shared count is read again.
          for (let i = 0; i < 20; i++) expect((await request('/v1/plans')).status).toBe(200);
          const types = await redisLines(port, password, ...keys.map((key) => `GET ${key}`));
          expect(types.match(/not a number/g)?.length ?? 0).toBeLessThan(keys.length);
        },
        { timeoutMs: 30_000, everyMs: 50 },
      );
      const { error } = await portal.reportedError(healedBy('gateway.redis.count', 'CLEAR_CACHE_AND_RETRY'));
      expect(error).toMatchObject({ kind: 'cache_corrupt', dependency: 'redis' });
    },
    LONG_MS,
  );

  it(
    'go on without Redis: USE_DEFAULT_VALUE for limits and for the counts of log-ins',
    async () => {
      // Nothing is leased for this key yet, so its first call has to go to Redis.
      const { keys } = await portal.partner();
      const frozen = portal.pid('redis');
      freezer.freeze(frozen);
      const { email, password } = portal.system.admin;
      const logged = logIn(portal.client, email, password);
      expect((await request('/v1/plans', { token: keys[0] })).status).toBe(200);
      await eventually(
        async () => {
          const responses = await Promise.all(Array.from({ length: 10 }, () => request('/v1/plans')));
          expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
          if (portal.pid('redis') === frozen) throw new Error('Redis is still frozen');
        },
        { timeoutMs: 20_000, everyMs: 100 },
      );
      expect(await logged).toMatch(/^ses_/);
      await portal.reportedError(
        ({ source, steps }) =>
          source.startsWith('auth.redis') &&
          steps.some((step) => step.strategy === 'USE_DEFAULT_VALUE' && step.outcome === 'healed'),
      );
      await portal.reportedError(healedBy('gateway.redis.count', 'USE_DEFAULT_VALUE'));
    },
    LONG_MS,
  );

  it(
    'show what was seen last while monitor is away: FALLBACK_TO_CACHE',
    async () => {
      const read = () => portal.client.call('/v1/admin/health', { token: portal.admin, timeoutMs: 10_000 });
      const before = (await read()).body as { observed_at: string };
      const frozen = portal.pid('monitor');
      freezer.freeze(frozen);
      const stale = await read();
      expect(stale.status).toBe(200);
      expect(Date.parse((stale.body as { observed_at: string }).observed_at)).toBeGreaterThanOrEqual(
        Date.parse(before.observed_at),
      );
      await portal.reportedError(healedBy('gateway.system-health.read', 'FALLBACK_TO_CACHE'));
      // The next test reads the metrics of the monitor that came after.
      await eventually(
        async () => {
          expect(portal.pid('monitor')).not.toBe(frozen);
          const { body } = await read();
          expect(Date.parse((body as { observed_at: string }).observed_at)).toBeGreaterThan(
            Date.parse((stale.body as { observed_at: string }).observed_at),
          );
        },
        { timeoutMs: 60_000, everyMs: 300 },
      );
    },
    LONG_MS,
  );

  it(
    'write down what cannot be stored now, and store it once: QUEUE_FOR_LATER',
    async () => {
      const [since, replayed] = await withSession(async (session) => {
        await session.query('begin; lock table monitor.system_health_checks in access exclusive mode');
        const queued = await portal.metric('monitor', 'queued_calls_total');
        const locked = [
          new Date().toISOString(),
          await portal.metric('monitor', 'replayed_calls_total'),
        ] as const;
        // Not only a report: an earlier write may have been queued while the machine was slow.
        await eventually(
          async () => expect(await portal.metric('monitor', 'queued_calls_total')).toBeGreaterThan(queued),
          { timeoutMs: 40_000, everyMs: 300 },
        );
        await portal.reportedError(healedBy('monitor.history.write', 'QUEUE_FOR_LATER'));
        expect(await portal.metric('monitor', 'replayed_calls_total')).toBe(locked[1]);
        await session.query('rollback');
        return locked;
      });
      await eventually(
        async () => {
          expect(await portal.metric('monitor', 'replayed_calls_total')).toBeGreaterThan(replayed);
          const { rows } = await sql.query<{ rows: number; different: number }>(
            `select count(*)::int as rows, count(distinct (component, observed_at))::int as different
             from monitor.system_health_checks where observed_at > $1`,
            [since],
          );
          expect(rows[0]?.rows).toBeGreaterThan(0);
          expect(rows[0]?.different).toBe(rows[0]?.rows);
        },
        { timeoutMs: 40_000, everyMs: 500 },
      );
    },
    LONG_MS,
  );

  describe('an error that nobody knows', () => {
    beforeAll(async () => {
      await sql.query(`
        create function support.misalign() returns trigger language plpgsql as
          $$ begin raise exception 'the flux is misaligned' using errcode = 'ZX001'; end $$;
        create trigger misaligned before insert on support.tickets for each row
          when (new.subject = 'flux') execute function support.misalign()`);
      model.turns.push('too-many-requests', 'html');
      // The first relay is gone; the mail for the human has to take the other way.
      await relay.stop();
      const response = await request('/v1/tickets', {
        method: 'POST',
        body: { subject: 'flux', body: 'flux' },
      });
      expect(response.status).toBe(500);
    });
    afterAll(async () => {
      await sql.query('drop trigger misaligned on support.tickets; drop function support.misalign()');
    });

    it(
      'is left alone and told to a human: ESCALATE',
      async () => {
        const { incident, error } = await portal.reportedError(
          ({ kind, source }) => kind === 'unknown' && source === 'support.postgres.transaction',
        );
        expect(error).toMatchObject({ strategy: 'ESCALATE', decided_by: 'none', count: 1, healed: 0 });
        expect(tried(error)).toEqual([]);
        expect(incident).toMatchObject({
          status: 'escalated',
          actions: [],
          cause: { signal: 'errors.captured' },
        });
      },
      LONG_MS,
    );

    it(
      'reaches the human over the other relay: SWITCH_API_ENDPOINT',
      async () => {
        await eventually(
          () =>
            expect(backupRelay.messages.some(({ text }) => text.includes('the flux is misaligned'))).toBe(
              true,
            ),
          { timeoutMs: 30_000, everyMs: 200 },
        );
        const { error } = await portal.reportedError(healedBy('healer.smtp.send', 'SWITCH_API_ENDPOINT'));
        expect(error.kind).toBe('connection_refused');
      },
      LONG_MS,
    );

    it(
      'is asked of the model, which is waited for as it asks: RATE_LIMIT_BACKOFF, and HTML is no answer',
      async () => {
        let verdict: Verdict | undefined;
        await eventually(
          async () => {
            const page = await portal.client.get<{ data: Verdict[] }>('/v1/admin/verdicts', {
              token: portal.admin,
            });
            verdict = page.data[0];
            expect(verdict).toBeDefined();
          },
          { timeoutMs: 30_000, everyMs: 300 },
        );
        expect(verdict).toMatchObject({ state: 'suggested', strategy: 'RETRY_WITH_BACKOFF', verified: 0 });
        expect(model.times[1]! - model.times[0]!).toBeGreaterThanOrEqual(1000);
        await portal.reportedError(healedBy('healer.model.ask', 'RATE_LIMIT_BACKOFF'));
        // 429, then HTML, then the advice.
        expect([model.prompts.length, model.turns.length]).toEqual([3, 0]);
        // It only suggests: the same error again is still left alone.
        const again = await request('/v1/tickets', {
          method: 'POST',
          body: { subject: 'flux', body: 'flux' },
        });
        expect(again.status).toBe(500);
        const { error } = await portal.reportedError(
          ({ source, count, kind }) =>
            kind === 'unknown' && source === 'support.postgres.transaction' && count === 2,
        );
        expect(error).toMatchObject({ strategy: 'ESCALATE', decided_by: 'none', healed: 0, outcomes: {} });
      },
      LONG_MS,
    );
  });

  it('learn: after ten healed repeats the decision comes from the pattern', async () => {
    for (let i = 0; i < 10; i++) expect(await requestWhileCut()).toBe(200);
    let pattern: Pattern | undefined;
    await eventually(
      async () => {
        const page = await portal.client.get<{ data: Pattern[] }>('/v1/admin/patterns?state=deciding', {
          token: portal.admin,
        });
        pattern = page.data.find(({ source }) => source === 'billing.postgres.read');
        expect(pattern).toBeDefined();
      },
      { timeoutMs: 30_000, everyMs: 300 },
    );
    // Every process receives the change within a second.
    const { error } = await eventually(
      async () => {
        expect(await requestWhileCut()).toBe(200);
        return portal.reportedError(
          ({ decided_by, source }) => decided_by === 'pattern' && source === 'billing.postgres.read',
          10_000,
        );
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    expect(error).toMatchObject({ fingerprint: pattern?.fingerprint, strategy: pattern?.strategy });
    expect(error.healed).toBe(error.count);
  }, 120_000);
});
