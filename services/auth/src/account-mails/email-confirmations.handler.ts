import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  callerOf,
  confirmEmail,
  LINK_REFUSED,
  type OutputOf,
  type ParsedInputOf,
  requestEmailConfirmation,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { MailThrottle } from '../throttling/mail-throttle.ts';
import { UserRepository } from '../users/user.repository.ts';
import { AccountTokenRepository } from './account-token.repository.ts';

/** Confirms that a person reads the mail of the account's address. */
@Controller()
export class EmailConfirmationsHandler {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly tokens: AccountTokenRepository,
    private readonly mails: AccountMails,
    private readonly throttle: MailThrottle,
  ) {}

  /** The link works as often as it is opened: programs that look at mails open links, too. */
  @HandleRequest(confirmEmail)
  async confirm({ token }: ParsedInputOf<typeof confirmEmail>): Promise<OutputOf<typeof confirmEmail>> {
    const now = new Date();
    const found = await this.tokens.find(token, ['confirm-email'], now);
    if (!found) throw new AppError(LINK_REFUSED);
    noteAct({ actor_id: found.user_id, object_id: found.user_id });
    await this.database.transaction((tx) => this.users.confirmEmail(tx, found.user_id, now));
    const user = await this.users.find(found.user_id);
    return {
      object: 'email_confirmation',
      email: found.email,
      confirmed_at: (user?.email_confirmed_at ?? now).toISOString(),
    };
  }

  @HandleRequest(requestEmailConfirmation)
  async request(
    _input: ParsedInputOf<typeof requestEmailConfirmation>,
    call: CallContext,
  ): Promise<OutputOf<typeof requestEmailConfirmation>> {
    const caller = callerOf(call);
    const user = caller.user_id ? await this.users.find(caller.user_id) : null;
    if (!user) throw new AppError(UNAUTHENTICATED);
    if (!user.email_confirmed_at) {
      await this.throttle.admit(user.email, undefined);
      await this.database.transaction(async (tx) => this.mails.confirmEmail(tx, user.id, caller.partner_id));
    }
    return {
      object: 'email_confirmation',
      email: user.email,
      confirmed_at: user.email_confirmed_at?.toISOString() ?? null,
    };
  }
}
