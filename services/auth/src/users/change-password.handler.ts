import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  changePassword,
  credentialRevoked,
  LOGIN_REFUSED,
  type OutputOf,
  type ParsedInputOf,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from '../api-keys/api-key.repository.ts';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { LoginThrottle } from '../throttling/login-throttle.ts';
import { BreachedPasswords } from './breached-passwords.ts';
import { PasswordHasher } from './password-hasher.ts';
import { UserRepository } from './user.repository.ts';
import type { User } from './user.ts';

@Controller()
export class ChangePasswordHandler {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly keys: ApiKeyRepository,
    private readonly passwords: PasswordHasher,
    private readonly breached: BreachedPasswords,
    private readonly mails: AccountMails,
    private readonly throttle: LoginThrottle,
  ) {}

  /**
   * Needs the old password, so that the holder of a stolen session cannot lock the owner out. Guesses at it
   * count like log-ins.
   */
  @HandleRequest(changePassword)
  async change(
    input: ParsedInputOf<typeof changePassword>,
    call: CallContext,
  ): Promise<OutputOf<typeof changePassword>> {
    const caller = callerOf(call);
    const user = caller.user_id ? await this.users.find(caller.user_id) : null;
    if (!user) throw new AppError(UNAUTHENTICATED);
    await this.#check(user, input.old_password, input.client_ip);
    this.breached.refuse(input.new_password, '/new_password');
    // Before the transaction: hashing takes tens of milliseconds and must not hold a connection.
    const hash = await this.passwords.hash(input.new_password);
    const now = new Date();
    return this.database.transaction(async (tx) => {
      const ended = await this.users.changePassword(tx, user.id, hash, now, caller.id);
      const partner = caller.partner_id ? { partnerId: caller.partner_id } : {};
      for (const session of ended) tx.emit(credentialRevoked, { kind: 'session', ...session }, partner);
      // A stolen session may have made some.
      const keys = await this.keys.revokeExplorerKeys(tx, user.id, now);
      for (const key of keys) tx.emit(credentialRevoked, { kind: 'api_key', ...key }, partner);
      this.mails.passwordChanged(tx, user.id);
      return {
        object: 'password_change' as const,
        changed_at: now.toISOString(),
        ended_sessions: ended.length,
      };
    });
  }

  async #check(user: User, password: string, clientIp: string | undefined): Promise<void> {
    const attempt = await this.throttle.admit(user.email, clientIp, true);
    const right = await this.passwords.verify(user.password_hash, password).catch(async (error: unknown) => {
      await attempt.takeBack();
      throw error;
    });
    if (!right) throw new AppError(LOGIN_REFUSED);
    await attempt.succeeded();
  }
}
