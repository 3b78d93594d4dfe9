import { sessionEvidenceSchema } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import type { SessionReading } from '../checks/database/sessions.check.ts';
import { SessionJudge } from './judge-sessions.ts';

const at = (second: number) => `2026-11-29T12:00:${String(second).padStart(2, '0')}.123456Z`;
const session = (pid: number, more: Partial<SessionReading> = {}): SessionReading => ({
  pid,
  backend_start: at(0),
  role: 'support',
  application_name: 'support',
  backend_type: 'client backend',
  is_ours: true,
  migrates: false,
  state: 'active',
  command: 'UPDATE',
  query_id: null,
  age_ms: 1500,
  blocked_by: [],
  ...more,
});
const waiters = (blocker: number, count: number, from = 100) =>
  Array.from({ length: count }, (_, index) => session(from + index, { blocked_by: [blocker] }));
/** Reads once a second, and gives what was seen each time. */
const seen = (judge: SessionJudge, readings: readonly (readonly SessionReading[])[]) =>
  readings.map((reading, second) =>
    judge.update(reading, second * 1000).map(({ signal, evidence }) => {
      const { sessions } = sessionEvidenceSchema.parse(evidence);
      return `${signal}: ${sessions.map(({ pid, blocked }) => `${pid} (${blocked})`).join(', ')}`;
    }),
  );

describe('sessions that keep others waiting', () => {
  it('are reported when five wait for two seconds, and not for a moment', () => {
    const pile = [session(7), ...waiters(7, 5)];
    expect(seen(new SessionJudge(), [pile, pile, pile, [session(7)]])).toEqual([
      [],
      [],
      ['database.lock-pile-up: 7 (5)'],
      [],
    ]);
    expect(seen(new SessionJudge(), [pile, pile, [session(7)], pile, pile])).toEqual([[], [], [], [], []]);
    const four = [session(7), ...waiters(7, 4)];
    expect(seen(new SessionJudge(), [four, four, four, four])).toEqual([[], [], [], []]);
  });

  it('are the root of the tree, with all who wait behind others', () => {
    const chain = [session(7), session(100, { blocked_by: [7] }), ...waiters(100, 4, 200)];
    expect(seen(new SessionJudge(), [chain, chain, chain])[2]).toEqual(['database.lock-pile-up: 7 (5)']);
  });

  it('count although those who wait give up and come again', () => {
    const readings = [0, 1, 2].map((round) => [session(7), ...waiters(7, 6, 100 + round * 10)]);
    expect(seen(new SessionJudge(), readings)[2]).toEqual(['database.lock-pile-up: 7 (6)']);
  });

  it('are reported for a single waiter when they are idle in a transaction for 10 s', () => {
    const idle = (age_ms: number) => [session(7, { state: 'idle in transaction', age_ms }), ...waiters(7, 1)];
    expect(seen(new SessionJudge(), [idle(9_999), idle(10_000)])).toEqual([
      [],
      ['database.lock-pile-up: 7 (1)'],
    ]);
  });

  it('may be a migration, a backup, an index build or autovacuum for longer', () => {
    for (const more of [
      { migrates: true },
      { application_name: 'pg_dump' },
      { command: 'CREATE' },
      { backend_type: 'autovacuum worker' },
    ]) {
      const pile = [session(7, more), ...waiters(7, 9)];
      const found = seen(
        new SessionJudge(),
        Array.from({ length: 31 }, () => pile),
      );
      expect(found.slice(0, 30).flat()).toEqual([]);
      expect(found[30]).toEqual(['database.lock-pile-up: 7 (9)']);
    }
  });

  it('of another start are other sessions: the symptom ends, and another one begins', () => {
    const pile = (second: number) => [session(7, { backend_start: at(second) }), ...waiters(7, 5)];
    const judge = new SessionJudge();
    expect(seen(judge, [pile(0), pile(0), pile(0)])[2]).toHaveLength(1);
    // It blocks from its first reading on; the named session is gone.
    expect(judge.update(pile(30), 3000)).toEqual([]);
    expect(judge.update(pile(30), 4000)).toEqual([]);
    expect(judge.update(pile(30), 5000)).toMatchObject([
      { evidence: { sessions: [{ pid: 7, backend_start: at(30) }] } },
    ]);
  });
});

describe('statements without end', () => {
  const slow = (pid: number, more: Partial<SessionReading> = {}) =>
    session(pid, { age_ms: 30_000, command: 'SELECT', ...more });

  it('are reported from 30 s on, the oldest first', () => {
    const reading = [slow(7), slow(8, { age_ms: 50_000 }), slow(9, { age_ms: 29_999 })];
    expect(seen(new SessionJudge(), [reading])).toEqual([['database.slow-statement: 8 (0), 7 (0)']]);
  });

  it.each<[string, Partial<SessionReading>]>([
    ['of a migration', { migrates: true }],
    ['of a backup', { application_name: 'pg_dump' }],
    ['that looks after a table', { command: 'VACUUM' }],
    ['of autovacuum', { backend_type: 'autovacuum worker' }],
    ['of a replication', { backend_type: 'walsender' }],
    ['in another database', { is_ours: false }],
    ['that waits for a lock', { blocked_by: [3] }],
    ['that has ended', { state: 'idle in transaction' }],
  ])('%s are not', (_, more) => {
    expect(new SessionJudge().update([slow(7, more)], 0)).toEqual([]);
  });

  it('are named without a part of a value, five at most, so that nothing is cut off', () => {
    const long = 'x'.repeat(60);
    const reading = Array.from({ length: 9 }, (_, index) =>
      slow(index + 1, {
        command: 'PASSWORD',
        application_name: long,
        role: 'a'.repeat(63),
        query_id: '-9223372036854775808',
      }),
    );
    const [condition] = new SessionJudge().update(reading, 0);
    const { sessions } = sessionEvidenceSchema.parse(condition?.evidence);
    expect(sessions).toHaveLength(5);
    expect(sessions[0]).toMatchObject({ command: null, application_name: 'x'.repeat(40) });
    expect(JSON.stringify(condition?.evidence).length).toBeLessThan(2000);
  });

  it('end when the named one has ended, and begin again for the next', () => {
    const judge = new SessionJudge();
    expect(seen(judge, [[slow(7)], [slow(7), slow(8)], [slow(8)], [slow(8)]])).toEqual([
      ['database.slow-statement: 7 (0)'],
      ['database.slow-statement: 7 (0), 8 (0)'],
      [],
      ['database.slow-statement: 8 (0)'],
    ]);
  });
});
