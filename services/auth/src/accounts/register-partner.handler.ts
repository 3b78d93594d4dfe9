import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  EMAIL_TAKEN,
  type OutputOf,
  type ParsedInputOf,
  registerPartner,
} from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { presentPartner } from '../partners/partner.ts';
import { RegistrationThrottle } from '../throttling/registration-throttle.ts';
import { BreachedPasswords } from '../users/breached-passwords.ts';
import { PasswordHasher } from '../users/password-hasher.ts';
import { presentUser } from '../users/user.ts';
import { OpenAccount } from './open-account.ts';

@Controller()
export class RegisterPartnerHandler {
  constructor(
    private readonly database: Database,
    private readonly accounts: OpenAccount,
    private readonly passwords: PasswordHasher,
    private readonly breached: BreachedPasswords,
    private readonly throttle: RegistrationThrottle,
  ) {}

  /** Partner, owner and event commit together; a taken address leaves no partner behind. */
  @HandleRequest(registerPartner)
  async register(input: ParsedInputOf<typeof registerPartner>): Promise<OutputOf<typeof registerPartner>> {
    return this.throttle.register(input.client_ip, () => this.#register(input));
  }

  async #register(input: ParsedInputOf<typeof registerPartner>): Promise<OutputOf<typeof registerPartner>> {
    // Before the transaction: hashing takes tens of milliseconds and must not hold a connection.
    await this.breached.refuse(input.password, '/password');
    const passwordHash = await this.passwords.hash(input.password);
    const { name, email } = input;
    const opened = this.accounts.prepare(
      { name, email, passwordHash, isConfirmed: false, personName: null },
      new Date(),
    );
    return this.database.transaction(async (tx) => {
      if (!(await this.accounts.store(tx, opened))) throw new AppError(EMAIL_TAKEN);
      return {
        object: 'registration' as const,
        partner: presentPartner(opened.partner),
        user: presentUser(opened.owner),
      };
    });
  }
}
