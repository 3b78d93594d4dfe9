import { AppError, callerOf, sessionProved, UNAUTHENTICATED } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { SessionRepository } from '../sessions/session.repository.ts';
import { UserRepository } from '../users/user.repository.ts';
import type { User } from '../users/user.ts';

const FACTOR_WORDS = {
  totp: 'an authenticator app',
  recovery_codes: 'new recovery codes',
  password: 'your password',
} as const;

/** The user of a call, and changes of what the user logs in with. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly mails: AccountMails,
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

  /** Sends a mail to the person, who may not have done this. `passkey`: the name of the passkey that it is about. */
  tell(
    tx: Transaction,
    mail: 'factor-added' | 'factor-removed',
    user: User,
    factor: keyof typeof FACTOR_WORDS | { readonly passkey: string } | { readonly external: string },
  ): void {
    this.mails.factorChanged(tx, mail, user.id, wordsOf(factor));
  }

  /** A person who has just shown a factor has proved who they are: this session need not be asked again. */
  async prove(
    tx: Transaction,
    call: CallContext,
    method: 'totp' | 'passkey' | 'external',
    at: Date,
  ): Promise<void> {
    const session = await this.sessions.prove(tx, callerOf(call).id, method, at);
    if (session) tx.emit(sessionProved, session);
  }
}

function wordsOf(factor: Parameters<OwnAccount['tell']>[3]): string {
  if (typeof factor === 'string') return FACTOR_WORDS[factor];
  return 'passkey' in factor ? `the passkey “${factor.passkey}”` : `your account at ${factor.external}`;
}
