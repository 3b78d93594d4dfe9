import { HandleRequest } from '@gridworks/bus';
import {
  ADDRESS_UNVERIFIED,
  AppError,
  completeLogInAttempt,
  createLogInAttempt,
  EMAIL_TAKEN,
  IDENTITY_TAKEN,
  LINK_REQUIRED,
  type OutputOf,
  type ParsedInputOf,
  registerByLogInAttempt,
} from '@gridworks/contracts';
import { beforeAct, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { OpenAccount } from '../accounts/open-account.ts';
import { ExternalIdentityRepository } from '../external-identities/external-identity.repository.ts';
import { BeginAttempt } from '../log-in-attempts/begin-attempt.ts';
import { LogInAttemptRepository } from '../log-in-attempts/log-in-attempt.repository.ts';
import type { LogInAttempt } from '../log-in-attempts/log-in-attempt.ts';
import type { LogInProvider } from '../log-in-providers/log-in-provider.ts';
import { LogInProviders } from '../log-in-providers/log-in-providers.ts';
import type { ProvidedIdentity } from '../log-in-providers/provided-identity.ts';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { DemandSecondFactor } from '../second-factors/demand-second-factor.ts';
import { ActingFor } from '../sessions/acting.ts';
import { presentBrowserSession } from '../sessions/browser-session.ts';
import { newBrowserSession } from '../sessions/new-session.ts';
import { OpenSession } from '../sessions/open-session.ts';
import { AttemptThrottle } from '../throttling/attempt-throttle.ts';
import { RegistrationThrottle } from '../throttling/registration-throttle.ts';
import { UserRepository } from '../users/user.repository.ts';
import type { User } from '../users/user.ts';
import { SsoLogIn, type SsoPerson } from './sso-log-in.ts';

type Completed = OutputOf<typeof completeLogInAttempt>;

/** Logs people in with a provider, and signs them up. */
@Controller()
export class ExternalLogInHandler {
  constructor(
    private readonly database: Database,
    private readonly providers: LogInProviders,
    private readonly begin: BeginAttempt,
    private readonly attempts: LogInAttemptRepository,
    private readonly identities: ExternalIdentityRepository,
    private readonly users: UserRepository,
    private readonly accounts: OpenAccount,
    private readonly acting: ActingFor,
    private readonly opened: OpenSession,
    private readonly secondFactor: DemandSecondFactor,
    private readonly mails: AccountMails,
    private readonly throttle: AttemptThrottle,
    private readonly registrations: RegistrationThrottle,
    private readonly sso: SsoLogIn,
  ) {}

  @HandleRequest(createLogInAttempt)
  async create(
    input: ParsedInputOf<typeof createLogInAttempt>,
  ): Promise<OutputOf<typeof createLogInAttempt>> {
    const provider = this.providers.of(input.provider);
    await this.throttle.admit(input.client_ip);
    return this.begin.begin(
      {
        ...{ purpose: 'log_in', provider: provider.id, userId: null },
        ...{ browserDigest: input.browser_digest, origin: input.origin, returnTo: input.return_to ?? null },
      },
      (attempt) => provider.authorizationUrl(attempt),
    );
  }

  /** The attempt is used up before the provider is asked: whatever comes of it, the code in the address counts once. */
  @HandleRequest(completeLogInAttempt)
  async complete(input: ParsedInputOf<typeof completeLogInAttempt>): Promise<Completed> {
    const { row, attempt } = await this.attempts.use(input.state, 'log_in', input.browser_digest);
    if (row.sso_connection_id)
      return this.#completeSso(row, await this.sso.personOf(row, attempt, input), input);
    const provider = this.providers.of(row.provider ?? '');
    const identity = await provider.identity(attempt, input);
    const user = (await this.#ownerOf(provider, identity)) ?? (await this.#ofAddress(provider, identity));
    if (!user) return this.#askForSignUp(row, provider, identity);
    noteAct({ actor_id: user.id, partner_id: user.last_partner_id });
    await this.secondFactor.of(user.id, 'external');
    const acting = await this.acting.at(user, undefined, ['external']);
    const session = newBrowserSession(user, acting, input, ['external']);
    await this.opened.open(session, input.client_ip);
    return completed(row, presentBrowserSession(session, user, acting), null);
  }

  /** The second factor of the account is not asked for: the partner's provider decides how its persons prove who they are. */
  async #completeSso(
    row: LogInAttempt,
    { user, acting, connection, store }: SsoPerson,
    input: ParsedInputOf<typeof completeLogInAttempt>,
  ): Promise<Completed> {
    const session = {
      ...newBrowserSession(user, acting, input, ['external']),
      sso_connection_id: connection.id,
    };
    await this.opened.open(session, input.client_ip, store);
    const sso = { connection_id: connection.id, name: connection.name };
    return completed(row, { ...presentBrowserSession(session, user, acting), sso }, null);
  }

  /** The account has no password. Its address counts as confirmed, since the provider has verified it. */
  @HandleRequest(registerByLogInAttempt)
  async register(
    input: ParsedInputOf<typeof registerByLogInAttempt>,
  ): Promise<OutputOf<typeof registerByLogInAttempt>> {
    const row = await this.attempts.findOpen(input.state, input.browser_digest);
    const { identity } = row;
    const email = verifiedAddress(identity, this.providers.of(row.provider ?? '').name);
    return this.registrations.register(input.client_ip, async () => {
      const account = { name: input.name, email, passwordHash: null, isConfirmed: true };
      const opened = this.accounts.prepare({ ...account, personName: identity.name }, new Date());
      const { owner, partner } = opened;
      const acting = { partner, role: 'owner' as const, permissions: null };
      const session = newBrowserSession(owner, acting, input, ['external']);
      await this.opened.open(session, input.client_ip, async (tx, at) => {
        await this.attempts.close(tx, row, at);
        if (!(await this.accounts.store(tx, opened))) throw new AppError(EMAIL_TAKEN);
        const linked = await this.identities.link(tx, owner.id, row.provider ?? '', identity, at, at);
        if (!linked) throw new AppError(IDENTITY_TAKEN);
      });
      return completed(row, presentBrowserSession(session, owner, acting), null);
    });
  }

  /** The user who has linked the identity. */
  async #ownerOf(provider: LogInProvider, identity: ProvidedIdentity): Promise<User | null> {
    const linked = await this.identities.find(provider.id, identity.subject);
    if (!linked) return null;
    await beforeAct(() =>
      this.database.transaction((tx) => this.identities.use(tx, linked, identity.email, new Date())),
    );
    return this.users.find(linked.user_id);
  }

  /**
   * The account of the address gets the identity when both sides have verified that the address is the person's. Otherwise
   * somebody who registered an address of another at one side would get into the account at the other. People of GridWorks
   * add log-ins themselves. Null when there is no account.
   */
  async #ofAddress(provider: LogInProvider, identity: ProvidedIdentity): Promise<User | null> {
    // Before the look-up: without a verified address nobody learns who is registered.
    const email = verifiedAddress(identity, provider.name);
    const user = await this.users.findByEmail(email);
    if (!user) return null;
    if (user.email_confirmed_at === null || user.platform_role !== null) throw new AppError(LINK_REQUIRED);
    const now = new Date();
    const linked = await beforeAct(() =>
      this.database.transaction(async (tx) => {
        const made = await this.identities.link(tx, user.id, provider.id, identity, now, now);
        if (made) this.mails.factorChanged(tx, 'factor-added', user.id, `your account at ${provider.name}`);
        return made;
      }),
    );
    if (!linked) throw new AppError(IDENTITY_TAKEN);
    noteAct({ after: { linked: provider.id } });
    return user;
  }

  async #askForSignUp(
    row: LogInAttempt,
    provider: LogInProvider,
    identity: ProvidedIdentity,
  ): Promise<Completed> {
    noteAct({ isRepeat: true });
    await this.attempts.keep(row, identity);
    return completed(row, null, {
      email: verifiedAddress(identity, provider.name),
      name: identity.name,
      provider_name: provider.name,
      expires_at: row.expires_at.toISOString(),
    });
  }
}

function completed(
  { return_to }: LogInAttempt,
  session: Completed['session'],
  sign_up: Completed['sign_up'],
): Completed {
  return { object: 'completed_log_in', session, sign_up, return_to };
}

/** Throws `AUTH.ADDRESS_UNVERIFIED` unless the provider has verified the address. */
function verifiedAddress({ email, emailVerified }: ProvidedIdentity, providerName: string): string {
  if (email !== null && emailVerified === true) return email;
  throw new AppError(ADDRESS_UNVERIFIED, {
    detail: `${
      email === null ? `${providerName} names no address of yours` : `Verify your address at ${providerName}`
    }. Or log in with your password, and add this log-in at /settings/security.`,
  });
}
