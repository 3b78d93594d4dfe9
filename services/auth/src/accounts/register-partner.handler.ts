import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  EMAIL_TAKEN,
  newId,
  type OutputOf,
  type ParsedInputOf,
  partnerRegistered,
  registerPartner,
} from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { MembershipRepository } from '../members/membership.repository.ts';
import { PartnerRepository } from '../partners/partner.repository.ts';
import { presentPartner } from '../partners/partner.ts';
import { RegistrationThrottle } from '../throttling/registration-throttle.ts';
import { BreachedPasswords } from '../users/breached-passwords.ts';
import { PasswordHasher } from '../users/password-hasher.ts';
import { UserRepository } from '../users/user.repository.ts';
import { NO_PREFERENCES, presentUser } from '../users/user.ts';

@Controller()
export class RegisterPartnerHandler {
  constructor(
    private readonly database: Database,
    private readonly partners: PartnerRepository,
    private readonly users: UserRepository,
    private readonly members: MembershipRepository,
    private readonly mails: AccountMails,
    private readonly passwords: PasswordHasher,
    private readonly breached: BreachedPasswords,
    private readonly throttle: RegistrationThrottle,
  ) {}

  /** Partner, owner and event commit together; a taken address leaves no partner behind. */
  @HandleRequest(registerPartner)
  async register(input: ParsedInputOf<typeof registerPartner>): Promise<OutputOf<typeof registerPartner>> {
    const attempt = await this.throttle.admit(input.client_ip);
    try {
      const registered = await this.#register(input);
      await attempt.succeeded();
      return registered;
    } catch (error) {
      // The attempt stays counted only when the caller has learned that an address is taken.
      if (!(error instanceof AppError && error.code === EMAIL_TAKEN.code)) await attempt.takeBack();
      throw error;
    }
  }

  async #register(input: ParsedInputOf<typeof registerPartner>): Promise<OutputOf<typeof registerPartner>> {
    // Before the transaction: hashing takes tens of milliseconds and must not hold a connection.
    await this.breached.refuse(input.password, '/password');
    const passwordHash = await this.passwords.hash(input.password);
    const now = new Date();
    const partner = { id: newId('partner'), name: input.name, created_at: now };
    const owner = {
      id: newId('user'),
      email: input.email,
      password_hash: passwordHash,
      platform_role: null,
      email_confirmed_at: null,
      last_partner_id: partner.id,
      created_at: now,
      ...NO_PREFERENCES,
    };
    noteAct({ partner_id: partner.id, actor_id: owner.id });
    const membership = {
      id: newId('member'),
      partner_id: partner.id,
      user_id: owner.id,
      role: 'owner' as const,
      role_id: null,
      created_at: now,
    };
    return this.database.transaction(async (tx) => {
      await this.partners.insert(tx, partner);
      if (!(await this.users.insertUnlessTaken(tx, owner))) throw new AppError(EMAIL_TAKEN);
      await this.members.insert(tx, membership);
      this.mails.confirmEmail(tx, owner.id, partner.id);
      tx.emit(
        partnerRegistered,
        { partner_id: partner.id, name: partner.name, registered_at: now.toISOString() },
        { partnerId: partner.id },
      );
      return { object: 'registration' as const, partner: presentPartner(partner), user: presentUser(owner) };
    });
  }
}
