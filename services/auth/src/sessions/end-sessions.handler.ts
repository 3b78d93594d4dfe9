import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  credentialRevoked,
  endAllSessions,
  endBrowserSession,
  endSession,
  type OutputOf,
  type ParsedInputOf,
  type Principal,
  SESSION_NOT_FOUND,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from '../api-keys/api-key.repository.ts';
import { SessionRepository } from './session.repository.ts';

/** Ends sessions of the calling user: that of the call, one by its id, or all. */
@Controller()
export class EndSessionsHandler {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionRepository,
    private readonly keys: ApiKeyRepository,
  ) {}

  @HandleRequest(endBrowserSession)
  async endCurrent(
    _input: ParsedInputOf<typeof endBrowserSession>,
    call: CallContext,
  ): Promise<OutputOf<typeof endBrowserSession>> {
    const caller = callerOf(call);
    const revokedAt = await this.#end(caller, caller.id);
    if (!revokedAt) throw new AppError(UNAUTHENTICATED);
    return { object: 'browser_session', id: caller.id, revoked_at: revokedAt.toISOString() };
  }

  /** A session of another user and a missing session get the same error. */
  @HandleRequest(endSession)
  async endOne(
    { id }: ParsedInputOf<typeof endSession>,
    call: CallContext,
  ): Promise<OutputOf<typeof endSession>> {
    const revokedAt = await this.#end(callerOf(call), id);
    if (!revokedAt) throw new AppError(SESSION_NOT_FOUND);
    return { object: 'session', id, revoked_at: revokedAt.toISOString() };
  }

  @HandleRequest(endAllSessions)
  async endAll(
    { keep }: ParsedInputOf<typeof endAllSessions>,
    call: CallContext,
  ): Promise<OutputOf<typeof endAllSessions>> {
    const caller = callerOf(call);
    const now = new Date();
    const ended = await this.database.transaction(async (tx) => {
      const sessions = await this.sessions.revokeAllOf(
        tx,
        userOf(caller),
        keep === 'current' ? caller.id : null,
        now,
        caller.sso_connection_id,
      );
      for (const session of sessions) emitEnd(tx, 'session', session, caller);
      // What an ended session has made for its page ends with it. One of single sign-on reaches no other partner's keys.
      const keys =
        caller.sso_connection_id === undefined
          ? await this.keys.revokeExplorerKeys(tx, userOf(caller), now)
          : [];
      for (const key of keys) emitEnd(tx, 'api_key', key, caller);
      return sessions.length;
    });
    return { object: 'ended_sessions', ended };
  }

  #end(caller: Principal, id: string): Promise<Date | null> {
    return this.database.transaction(async (tx) => {
      const session = await this.sessions.revokeOf(
        tx,
        userOf(caller),
        id,
        new Date(),
        caller.sso_connection_id,
      );
      if (session?.ended) emitEnd(tx, 'session', { id, digest: session.digest }, caller);
      else noteAct({ isRepeat: true });
      return session?.revokedAt ?? null;
    });
  }
}

function userOf({ user_id: userId }: Principal): string {
  if (userId === null) throw new AppError(UNAUTHENTICATED);
  return userId;
}

function emitEnd(
  tx: Transaction,
  kind: 'session' | 'api_key',
  credential: { id: string; digest: string },
  { partner_id: partnerId }: Principal,
): void {
  tx.emit(credentialRevoked, { kind, ...credential }, partnerId ? { partnerId } : {});
}
