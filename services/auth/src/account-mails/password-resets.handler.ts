import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  credentialRevoked,
  LINK_REFUSED,
  type OutputOf,
  type ParsedInputOf,
  requestPasswordReset,
  resetPassword,
} from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApiKeyRepository } from '../api-keys/api-key.repository.ts';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { MailThrottle } from '../throttling/mail-throttle.ts';
import { BreachedPasswords } from '../users/breached-passwords.ts';
import { PasswordHasher } from '../users/password-hasher.ts';
import { UserRepository } from '../users/user.repository.ts';
import { AccountTokenRepository } from './account-token.repository.ts';

/** Another password for a person who does not know the old one any more, by a link in a mail. */
@Controller()
export class PasswordResetsHandler {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly keys: ApiKeyRepository,
    private readonly tokens: AccountTokenRepository,
    private readonly passwords: PasswordHasher,
    private readonly breached: BreachedPasswords,
    private readonly mails: AccountMails,
    private readonly throttle: MailThrottle,
  ) {}

  /**
   * Does the same for every address, so that neither the response nor its time says whether the address has an
   * account: the account is looked up when the mail is composed.
   */
  @HandleRequest(requestPasswordReset)
  async request({
    email,
    client_ip,
  }: ParsedInputOf<typeof requestPasswordReset>): Promise<OutputOf<typeof requestPasswordReset>> {
    await this.throttle.admit(email, client_ip);
    await this.database.transaction(async (tx) => this.mails.resetPassword(tx, email));
    return { object: 'password_reset', requested: true };
  }

  /** The link works once. It shows that the person reads the mail of the address, too. */
  @HandleRequest(resetPassword)
  async reset({
    token,
    new_password,
  }: ParsedInputOf<typeof resetPassword>): Promise<OutputOf<typeof resetPassword>> {
    const now = new Date();
    const found = await this.tokens.find(token, ['reset-password', 'choose-password'], now);
    if (!found) throw new AppError(LINK_REFUSED);
    await this.breached.refuse(new_password, '/new_password');
    // Before the transaction: hashing takes tens of milliseconds and must not hold a connection.
    const hash = await this.passwords.hash(new_password);
    noteAct({ actor_id: found.user_id, object_id: found.user_id });
    return this.database.transaction(async (tx) => {
      if (!(await this.tokens.use(tx, found))) throw new AppError(LINK_REFUSED);
      const sessions = await this.users.changePassword(tx, found.user_id, hash, now);
      const keys = await this.keys.revokeExplorerKeys(tx, found.user_id, now);
      for (const session of sessions) tx.emit(credentialRevoked, { kind: 'session', ...session });
      for (const key of keys) tx.emit(credentialRevoked, { kind: 'api_key', ...key });
      await this.users.confirmEmail(tx, found.user_id, now);
      this.mails.passwordChanged(tx, found.user_id);
      return {
        object: 'password_change' as const,
        email: found.email,
        changed_at: now.toISOString(),
        ended_sessions: sessions.length,
      };
    });
  }
}
