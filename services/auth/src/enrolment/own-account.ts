import {
  AppError,
  callerOf,
  type EventContract,
  type secondFactorAdded,
  sessionProved,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { SessionRepository } from '../sessions/session.repository.ts';
import { UserRepository } from '../users/user.repository.ts';
import type { User } from '../users/user.ts';

type Change = Parameters<typeof secondFactorAdded.payload.parse>[0];
type Factor = 'totp' | 'passkey' | 'recovery_codes' | 'password';

/** The user of a call, and changes of what the user logs in with. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
  ) {}

  async userOf(call: CallContext): Promise<User> {
    const { user_id: userId } = callerOf(call);
    const user = userId === null ? null : await this.users.find(userId);
    if (!user) throw new AppError(UNAUTHENTICATED);
    return user;
  }

  /** Changes that look at what is on file run one after the other: the user's row is locked. */
  change<T>(call: CallContext, run: (tx: Transaction, user: User, now: Date) => Promise<T>): Promise<T> {
    const { user_id: userId } = callerOf(call);
    return this.database.transaction(async (tx) => {
      const user = userId === null ? null : await this.users.findLocked(tx, userId);
      if (!user) throw new AppError(UNAUTHENTICATED);
      return run(tx, user, new Date());
    });
  }

  /** For the mail to the person. */
  emit(
    tx: Transaction,
    event: EventContract<typeof secondFactorAdded.payload>,
    user: User,
    factor: Factor,
    at: Date,
    name: string | null = null,
  ): void {
    const change = { user_id: user.id, factor, name, changed_at: at.toISOString() } satisfies Change;
    tx.emit(event, change);
  }

  /** A person who has just shown a factor has proved who they are: this session need not be asked again. */
  async prove(tx: Transaction, call: CallContext, method: 'totp' | 'passkey', at: Date): Promise<void> {
    const session = await this.sessions.prove(tx, callerOf(call).id, method, at);
    if (session) tx.emit(sessionProved, session);
  }
}
