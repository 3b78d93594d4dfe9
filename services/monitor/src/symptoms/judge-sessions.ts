import {
  BACKUP_APPLICATIONS,
  type NamedSession,
  SESSION_LIMITS,
  type SessionLimits,
  type Signal,
} from '@gridworks/contracts';
import type { SessionReading } from '../checks/database/sessions.check.ts';
import type { Condition } from './condition.ts';

/** Longer evidence is cut, and then names no session any more. */
const NAMED_AT_MOST = 5;
const NAME_LENGTH = 40;

/** Words that may begin a statement. Any other word could be a part of a value. */
const COMMANDS = new Set(
  `ALTER ANALYZE BEGIN CALL CLUSTER COMMENT COMMIT COPY CREATE DECLARE DELETE DO DROP EXECUTE EXPLAIN FETCH GRANT INSERT
  LISTEN LOCK MERGE NOTIFY PREPARE REFRESH REINDEX REVOKE ROLLBACK SAVEPOINT SELECT SET SHOW TRUNCATE UPDATE VACUUM VALUES
  WITH`.split(/\s+/),
);

/** Statements that look after tables, which take as long as the tables are large. */
const UPKEEP = new Set(['ANALYZE', 'CLUSTER', 'CREATE', 'REFRESH', 'REINDEX', 'VACUUM']);

const keyOf = ({ pid, backend_start }: SessionReading): string => `${pid}@${backend_start}`;

interface Suspect {
  readonly session: SessionReading;
  readonly blocked: number;
}

/**
 * Turns readings of the sessions into conditions: a session that keeps others waiting, and a statement without end. Reads no clock.
 *
 * A symptom names its sessions once, at its begin. So a condition lasts as long as one of those sessions is at fault; when
 * others have taken their place, it is absent for one reading, and begins again with their names.
 */
export class SessionJudge {
  readonly #limits: SessionLimits;
  /** Since when a session has kept enough others waiting without a break, epoch ms. */
  #pilingSince = new Map<string, number>();
  /** The sessions of each open condition. */
  readonly #episodes = new Map<Signal, ReadonlySet<string>>();

  constructor(limits: SessionLimits = SESSION_LIMITS) {
    this.#limits = limits;
  }

  /** The faults of this moment. `now` in epoch ms. */
  update(sessions: readonly SessionReading[], now: number): Condition[] {
    return [
      ...this.#condition('database.lock-pile-up', this.#blockers(sessions, now), now),
      ...this.#condition('database.slow-statement', this.#slow(sessions), now),
    ];
  }

  #blockers(sessions: readonly SessionReading[], now: number): Suspect[] {
    const { idleBlockerMs, pileUpMs, pileUpSessions, slowStatementMs } = this.#limits;
    const since = new Map<string, number>();
    const roots = rootsOf(sessions).filter(({ session, blocked }) => {
      const key = keyOf(session);
      if (blocked >= pileUpSessions) since.set(key, this.#pilingSince.get(key) ?? now);
      const idles = session.state !== 'active' && session.backend_type === 'client backend';
      if (idles && session.age_ms >= idleBlockerMs) return true;
      const piledMs = now - (since.get(key) ?? now);
      // A migration or a backup is allowed to take its time.
      return since.has(key) && piledMs >= (isUpkeep(session) ? slowStatementMs : pileUpMs);
    });
    this.#pilingSince = since;
    return roots;
  }

  #slow(sessions: readonly SessionReading[]): Suspect[] {
    const blocked = new Map(rootsOf(sessions).map((root) => [root.session.pid, root.blocked]));
    return sessions
      .filter(
        (session) =>
          session.is_ours &&
          session.backend_type === 'client backend' &&
          session.state === 'active' &&
          session.age_ms >= this.#limits.slowStatementMs &&
          // Who waits for a lock is a victim, whose blocker has a signal of its own.
          session.blocked_by.length === 0 &&
          !isUpkeep(session),
      )
      .map((session) => ({ session, blocked: blocked.get(session.pid) ?? 0 }));
  }

  #condition(signal: Signal, suspects: readonly Suspect[], now: number): Condition[] {
    const keys = new Set(suspects.map(({ session }) => keyOf(session)));
    const episode = this.#episodes.get(signal);
    const goesOn = episode === undefined || [...episode].some((key) => keys.has(key));
    if (suspects.length === 0 || !goesOn) {
      this.#episodes.delete(signal);
      return [];
    }
    const worst = suspects
      .toSorted((one, other) => other.blocked - one.blocked || other.session.age_ms - one.session.age_ms)
      .slice(0, NAMED_AT_MOST);
    if (episode === undefined)
      this.#episodes.set(signal, new Set(worst.map(({ session }) => keyOf(session))));
    const oldest = Math.max(...worst.map(({ session }) => session.age_ms));
    return [
      {
        signal,
        target: { kind: 'server', name: 'postgres', process: 'postgres' },
        beganAt: now - oldest,
        suspects: [],
        evidence: { sessions: worst.map(named) },
      },
    ];
  }
}

/** Sessions that others wait for and that wait for none, with how many wait for each, directly or not. */
function rootsOf(sessions: readonly SessionReading[]): Suspect[] {
  const waiters = new Map<number, number[]>();
  for (const { pid, blocked_by } of sessions)
    for (const blocker of new Set(blocked_by)) waiters.set(blocker, [...(waiters.get(blocker) ?? []), pid]);
  return sessions
    .filter(({ pid, blocked_by }) => blocked_by.length === 0 && waiters.has(pid))
    .map((session) => {
      const reached = new Set<number>();
      for (const queue = [session.pid]; queue.length > 0; )
        for (const waiter of waiters.get(queue.pop() as number) ?? [])
          if (!reached.has(waiter)) {
            reached.add(waiter);
            queue.push(waiter);
          }
      return { session, blocked: reached.size };
    });
}

const isUpkeep = ({ application_name, backend_type, command, migrates }: SessionReading): boolean =>
  migrates ||
  UPKEEP.has(command ?? '') ||
  backend_type !== 'client backend' ||
  BACKUP_APPLICATIONS.includes(application_name);

function named({ session, blocked }: Suspect): NamedSession {
  const { age_ms, application_name, backend_start, command, pid, query_id, role, state } = session;
  return {
    pid,
    backend_start,
    role,
    application_name: application_name.slice(0, NAME_LENGTH),
    state,
    command: command !== null && COMMANDS.has(command) ? command : null,
    query_id,
    age_ms: Math.round(age_ms),
    blocked,
  };
}
