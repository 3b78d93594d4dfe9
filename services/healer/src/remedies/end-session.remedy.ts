import { type NamedSession, type RemedyName, sessionEvidenceSchema } from '@gridworks/contracts';
import type { Remedy, RemedyContext } from './remedy.ts';

export type SessionRemedyName = Extract<RemedyName, `postgres.${string}`>;

/** Why a session is, or is not, ended. All but `end`, `gone` and `over` protect it. */
export type SessionVerdict =
  | 'end'
  /** The session has ended, or its pid belongs to another one by now. */
  | 'gone'
  /** It runs, and does nothing any more that it was reported for. */
  | 'over'
  /** It waits for a lock itself: another session is the cause. */
  | 'waits'
  /** It runs no statement that could be cancelled. */
  | 'idle'
  | 'server-process'
  | 'superuser'
  | 'other-database'
  | 'other-role'
  | 'migration'
  | 'backup';

/** What was decided about a session, and what it was doing at that moment. */
export interface JudgedSession {
  readonly pid: number;
  readonly verdict: SessionVerdict;
  readonly role: string | null;
  readonly application_name: string | null;
  /** Milliseconds. */
  readonly age_ms: number;
  /** How many sessions waited for it. */
  readonly blocked: number;
}

/** Cancels statements and ends sessions, as far as PostgreSQL's own figures of that moment allow it. */
export interface SessionEnder {
  /** `signal`: what the sessions were reported for, which must still be so. Throws when the server cannot be asked. */
  end(
    verb: 'cancel' | 'terminate',
    signal: 'database.lock-pile-up' | 'database.slow-statement',
    sessions: readonly NamedSession[],
  ): Promise<readonly JudgedSession[]>;
}

const PROTECTED: Partial<Record<SessionVerdict, string>> = {
  waits: 'it waits for another session itself',
  idle: 'it runs no statement',
  'server-process': 'it is a process of the server itself (a worker, autovacuum or a replication)',
  superuser: 'it belongs to a superuser or a replication',
  'other-database': 'it works in another database',
  'other-role': 'its role is none of the services’',
  migration: 'it is a migration',
  backup: 'it is a backup',
};

/** Cancels the statement of the sessions that the symptom names, or ends them. */
export class EndSessionRemedy implements Remedy {
  constructor(
    readonly name: SessionRemedyName,
    private readonly sessions: SessionEnder | null,
  ) {}

  /** Throws when nothing was ended although a session is still at fault: its protection needs a human. */
  async apply({ evidence, signal, target }: RemedyContext): Promise<string> {
    if (!this.sessions || target.name !== 'postgres') throw new Error('there is no PostgreSQL to ask');
    if (signal !== 'database.lock-pile-up' && signal !== 'database.slow-statement')
      throw new Error(`${signal} names no session`);
    const named = sessionEvidenceSchema.safeParse(evidence);
    if (!named.success) throw new Error('the symptom names no session');
    const verb = this.name === 'postgres.end-statement' ? 'cancel' : 'terminate';
    const judged = await this.sessions.end(verb, signal, named.data.sessions);
    const ended = judged.filter(({ verdict }) => verdict === 'end');
    const spared = judged.flatMap((session) => {
      const why = PROTECTED[session.verdict];
      return why ? [`${nameOf(session)} was left alone: ${why}`] : [];
    });
    if (ended.length === 0 && spared.length > 0) throw new Error(spared.join('; '));
    if (ended.length === 0) return 'Nothing was left to end: the sessions had gone on by themselves.';
    const did = verb === 'cancel' ? 'The statement was cancelled of' : 'Ended was';
    return `${[`${did} ${ended.map(describe).join(', and ')}`, ...spared].join('. ')}.`;
  }
}

const nameOf = ({ pid, role, application_name }: JudgedSession): string =>
  `session ${pid} of ${role ?? 'nobody'}${application_name ? ` (${application_name.slice(0, 40)})` : ''}`;

function describe(session: JudgedSession): string {
  const { age_ms, blocked } = session;
  const freed = blocked === 0 ? '' : `, which kept ${blocked} other${blocked === 1 ? '' : 's'} waiting`;
  return `${nameOf(session)} after ${Math.round(age_ms / 1000)} s${freed}`;
}
