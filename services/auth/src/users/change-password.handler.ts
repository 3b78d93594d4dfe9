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
import { BreachedPasswords } from './breached-passwords.ts';
import { CheckPassword } from './check-password.ts';
import { PasswordHasher } from './password-hasher.ts';
import { UserRepository } from './user.repository.ts';

@Controller()
export class ChangePasswordHandler {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly keys: ApiKeyRepository,
    private readonly passwords: PasswordHasher,
    private readonly breached: BreachedPasswords,
    private readonly mails: AccountMails,
    private readonly check: CheckPassword,
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
    await this.check.check(user, input.old_password, input.client_ip, LOGIN_REFUSED);
    await this.breached.refuse(input.new_password, '/new_password');
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
}
