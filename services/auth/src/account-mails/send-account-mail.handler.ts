import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { AppError, accountMailRequested, consumerOf, type PayloadOf } from '@gridworks/contracts';
import { NOTIFICATION_REFUSED } from '@gridworks/notifications';
import type { Logger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { InvitationRepository } from '../invitations/invitation.repository.ts';
import { UserRepository } from '../users/user.repository.ts';
import { AccountMailer } from './account-mailer.ts';
import { AccountTokenRepository } from './account-token.repository.ts';
import { LINK_LIFETIMES_MS } from './account-token.ts';
import { type AccountMailContent, composeAccountMail } from './compose-account-mail.ts';

type Request = PayloadOf<typeof accountMailRequested>;
interface Addressed {
  readonly to: string;
  readonly content: AccountMailContent;
}

const consumer = consumerOf(accountMailRequested);

/**
 * Sends the mails to persons. The secret of a link is made here and stored as its digest, so that it is in the
 * mail and nowhere else; a mail that is sent again has another secret. While no mail server takes the mail, the
 * event is delivered again.
 */
@Controller()
export class SendAccountMailHandler {
  /** Events whose mail is being sent: the sweeper publishes them again meanwhile. */
  readonly #sending = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly tokens: AccountTokenRepository,
    private readonly invitations: InvitationRepository,
    private readonly mailer: AccountMailer,
    @Inject(CONFIG) private readonly config: { readonly PORTAL_URL: string },
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleEvent(accountMailRequested)
  async send(request: Request, event: BusEvent<Request>): Promise<void> {
    if (this.#sending.has(event.id) || (await this.database.wasConsumed(event, consumer))) return;
    this.#sending.add(event.id);
    try {
      await this.#send(request);
      await this.database.once(event, consumer, async () => undefined);
    } finally {
      this.#sending.delete(event.id);
    }
  }

  async #send(request: Request): Promise<void> {
    if (!this.mailer.isConfigured) {
      this.logger.log('account_mail.not_configured', { mail: request.mail });
      return;
    }
    const addressed = await this.#address(request);
    if (!addressed) return;
    try {
      await this.mailer.send(composeAccountMail(addressed.to, addressed.content));
    } catch (error) {
      if (!(error instanceof AppError && error.code === NOTIFICATION_REFUSED.code)) throw error;
      // The same mail would be refused again. The person can request another one.
      this.logger.log('account_mail.refused', { mail: request.mail, error });
      return;
    }
    if (request.invitation_id) await this.#markSent(request.invitation_id);
  }

  /** Null when there is nobody left to write to. */
  async #address(request: Request): Promise<Addressed | null> {
    if (request.mail === 'invitation') return this.#toInvited(request.invitation_id ?? '');
    const user = request.user_id
      ? await this.users.find(request.user_id)
      : await this.users.findByEmail(request.email ?? '');
    if (!user) return null;
    const to = user.email;
    switch (request.mail) {
      case 'confirm-email': {
        if (user.email_confirmed_at) return null;
        const link = this.#page('confirm-email', await this.#token(user, 'confirm-email'));
        return {
          to,
          content: { mail: request.mail, link, days: LINK_LIFETIMES_MS[request.mail] / 86_400_000 },
        };
      }
      case 'reset-password': {
        const link = this.#page('reset-password', await this.#token(user, 'reset-password'));
        return {
          to,
          content: { mail: request.mail, link, minutes: LINK_LIFETIMES_MS[request.mail] / 60_000 },
        };
      }
      case 'password-changed':
        return { to, content: { mail: request.mail, link: this.#page('forgot-password'), at: new Date() } };
      case 'role-changed': {
        const { partner = '', role = '' } = request.words;
        return { to, content: { mail: request.mail, link: this.#page(''), partner, role } };
      }
      case 'factor-added':
      case 'factor-removed': {
        const { factor = '' } = request.words;
        return { to, content: { mail: request.mail, link: this.#page('forgot-password'), factor } };
      }
      case 'recovery-code-used': {
        const { left = '' } = request.words;
        return { to, content: { mail: request.mail, link: this.#page('forgot-password'), left } };
      }
      case 'key-leaked': {
        const { key = '', last4 = '', revoked, url = '', at = '' } = request.words;
        return {
          to,
          content: {
            ...{ mail: request.mail, link: this.#page('keys'), key, last4, url },
            ...{ revoked: revoked === 'true', at: new Date(at) },
          },
        };
      }
      case 'payment-received':
      case 'payment-refunded':
      case 'payment-failed':
      case 'payment-action-required':
      case 'payment-last-warning':
      case 'payment-overdue': {
        const { invoice_id = '', invoice = '', amount = '', reason = '', date = '' } = request.words;
        const link = this.#page(`billing/invoices/${invoice_id}`);
        return { to, content: { mail: request.mail, link, invoice, amount, reason, date } };
      }
      case 'credit-expiring':
      case 'credit-low':
      case 'budget-alert':
      case 'auto-top-up-off': {
        const { amount = '', limit = '', percent = '', stops, date = '' } = request.words;
        const link = this.#page(request.mail === 'budget-alert' ? 'billing' : 'billing/credits');
        const content = { mail: request.mail, link, amount, limit, percent, stops: stops === 'true', date };
        return { to, content };
      }
      case 'provisioned': {
        const { partner = '' } = request.words;
        if (user.password_hash !== null)
          return { to, content: { mail: request.mail, link: this.#page(''), partner, days: null } };
        const link = this.#page('reset-password', await this.#token(user, 'choose-password'));
        const days = LINK_LIFETIMES_MS['choose-password'] / 86_400_000;
        return { to, content: { mail: request.mail, link, partner, days } };
      }
      case 'domain-lapsed': {
        const { domain = '' } = request.words;
        return { to, content: { mail: request.mail, link: this.#page('settings/domains'), domain } };
      }
      case 'member-removed':
        return { to, content: { mail: request.mail, partner: request.words.partner ?? '' } };
    }
  }

  async #toInvited(id: string): Promise<Addressed | null> {
    const renewed = await this.database.transaction((tx) => this.invitations.renewToken(tx, id));
    if (!renewed) return null;
    const { token, letter } = renewed;
    return {
      to: letter.email,
      content: {
        mail: 'invitation',
        link: this.#page('invitation', token),
        partner: letter.partner_name,
        role: letter.role_name ?? letter.role,
        by: letter.invited_by_email,
        expiresAt: letter.expires_at,
      },
    };
  }

  #token(user: { id: string; email: string }, purpose: keyof typeof LINK_LIFETIMES_MS): Promise<string> {
    return this.database.transaction((tx) => this.tokens.renew(tx, user, purpose, new Date()));
  }

  #markSent(id: string): Promise<void> {
    return this.database.transaction((tx) => this.invitations.markSent(tx, id, new Date()));
  }

  /** The secret is behind `#`, which no browser sends to a server, so that no access log has it. */
  #page(path: string, token?: string): string {
    const base = this.config.PORTAL_URL.replace(/\/+$/, '');
    return token === undefined ? `${base}/${path}` : `${base}/${path}#token=${token}`;
  }
}
