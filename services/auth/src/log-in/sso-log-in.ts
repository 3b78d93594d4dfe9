import { AppError, newId, PARTNER_SUSPENDED, SSO_NOT_FOUND, SSO_REFUSED } from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { DomainRepository } from '../domains/domain.repository.ts';
import { domainOf } from '../domains/read-domain.ts';
import type { LogInAttempt } from '../log-in-attempts/log-in-attempt.ts';
import type { OidcAttempt, ProviderAnswer } from '../log-in-providers/oidc-client.ts';
import type { ProvidedIdentity } from '../log-in-providers/provided-identity.ts';
import { MembershipRepository } from '../members/membership.repository.ts';
import { PartnerRepository } from '../partners/partner.repository.ts';
import type { Acting } from '../sessions/acting.ts';
import { SsoClients } from '../sso-connections/sso-clients.ts';
import { SsoConnectionRepository } from '../sso-connections/sso-connection.repository.ts';
import { isInUse, type SsoConnection } from '../sso-connections/sso-connection.ts';
import type { SsoIdentity } from '../sso-connections/sso-identity.entity.ts';
import { SuspensionRepository } from '../suspensions/suspension.repository.ts';
import { UserRepository } from '../users/user.repository.ts';
import { NO_PREFERENCES, type User } from '../users/user.ts';

/** A person whom the partner's provider has confirmed, and what is stored with the session. */
export interface SsoPerson {
  readonly user: User;
  readonly acting: Acting;
  readonly connection: SsoConnection;
  /** In the transaction that stores the session. */
  store(tx: Transaction, at: Date): Promise<void>;
}

/**
 * Finds the account of a person who comes from the identity provider of a partner. The provider speaks for the partner's verified
 * domains, and for nobody else.
 */
@Injectable()
export class SsoLogIn {
  constructor(
    private readonly connections: SsoConnectionRepository,
    private readonly clients: SsoClients,
    private readonly domains: DomainRepository,
    private readonly users: UserRepository,
    private readonly members: MembershipRepository,
    private readonly partners: PartnerRepository,
    private readonly suspensions: SuspensionRepository,
  ) {}

  /**
   * Rejects with `AUTH.SSO_NOT_FOUND` for a connection that is not in use, `AUTH.SSO_REFUSED` with the reason for a person whom it
   * must not log in, `AUTH.PARTNER_SUSPENDED`, and the errors of the provider.
   */
  async personOf(row: LogInAttempt, attempt: OidcAttempt, answer: ProviderAnswer): Promise<SsoPerson> {
    const connection = await this.connections.findById(row.sso_connection_id ?? '');
    if (!connection || !isInUse(connection)) throw new AppError(SSO_NOT_FOUND);
    const provided = await this.clients.identity(connection, attempt, answer, row.identity);
    const email = await this.#addressOf(connection, provided);
    noteAct({ partner_id: connection.partner_id, after: { sso_connection: connection.id } });
    if (await this.suspensions.isSuspended(connection.partner_id)) throw new AppError(PARTNER_SUSPENDED);
    const known = await this.connections.findIdentity(connection, provided.subject);
    if (known) return this.#known(connection, known);
    const user = await this.users.findByEmail(email);
    return user ? this.#first(connection, user, provided) : this.#new(connection, email, provided);
  }

  /** The provider must name an address of a domain that the partner owns now, and must not call it unverified. */
  async #addressOf({ partner_id }: SsoConnection, provided: ProvidedIdentity): Promise<string> {
    const { email, emailVerified } = provided;
    if (email === null) throw refused('The identity provider names no address of yours.');
    if (emailVerified === false) throw refused('The identity provider has not verified your address.');
    if (!(await this.domains.isVerified(partner_id, domainOf(email))))
      throw refused('Your address is in no verified domain of this partner.');
    return email;
  }

  /** A person who was removed stays out until somebody invites them again: the provider does not bring them back. */
  async #known(connection: SsoConnection, known: SsoIdentity): Promise<SsoPerson> {
    const user = await this.users.find(known.user_id);
    const acting = user ? await this.#actingOf(user, connection) : null;
    if (!user || !acting)
      throw refused('You are no longer a member of this partner: ask an owner to invite you again.');
    noteAct({ actor_id: user.id });
    return { user, acting, connection, store: (tx, at) => this.connections.use(tx, known, at) };
  }

  /**
   * An account of the address exists. A member gets in. Anybody else becomes one only when the account has confirmed the address: else
   * somebody who registered the address of another person would be let into the partner.
   */
  async #first(connection: SsoConnection, user: User, provided: ProvidedIdentity): Promise<SsoPerson> {
    if (user.platform_role !== null) throw refused('People of GridWorks belong to no partner.');
    const own = await this.#actingOf(user, connection);
    if (!own && user.email_confirmed_at === null)
      throw refused(
        'An account with your address exists and has not confirmed it. Choose “Forgot your password?” to take it over, then try again.',
      );
    noteAct({ actor_id: user.id });
    const acting = own ?? (await this.#newActing(connection));
    return {
      ...{ user, acting, connection },
      store: async (tx, at) => {
        if (!own) await this.#join(tx, connection, user.id, at);
        await this.#link(tx, connection, user.id, provided, at);
      },
    };
  }

  /** Nobody has the address yet: the person gets an account without a password. */
  async #new(connection: SsoConnection, email: string, provided: ProvidedIdentity): Promise<SsoPerson> {
    const now = new Date();
    const user: User = {
      ...{ id: newId('user'), email, password_hash: null, platform_role: null },
      // The partner has proved that it owns the domain, and with it every mailbox there.
      ...{ email_confirmed_at: now, last_partner_id: connection.partner_id, created_at: now },
      ...{ ...NO_PREFERENCES, name: provided.name },
    };
    noteAct({ actor_id: user.id });
    const acting = await this.#newActing(connection);
    return {
      ...{ user, acting, connection },
      store: async (tx, at) => {
        if (!(await this.users.insertUnlessTaken(tx, user)))
          throw refused('An account with your address was made meanwhile: begin again.');
        await this.#join(tx, connection, user.id, at);
        await this.#link(tx, connection, user.id, provided, at);
      },
    };
  }

  async #actingOf(user: User, { partner_id: partner }: SsoConnection): Promise<Acting | null> {
    const found = await this.members.find(user.id, { partner });
    if (!found) return null;
    const { partner_name: name, partner_created_at: created_at, role, permissions } = found;
    return { partner: { id: partner, name, created_at }, role, permissions };
  }

  async #newActing({ partner_id, default_role: role }: SsoConnection): Promise<Acting> {
    return { partner: await this.partners.find(partner_id), role, permissions: null };
  }

  async #join(tx: Transaction, connection: SsoConnection, userId: string, at: Date): Promise<void> {
    await this.members.insertUnlessMember(tx, {
      ...{ id: newId('member'), partner_id: connection.partner_id, user_id: userId },
      ...{ role: connection.default_role, role_id: null, created_at: at },
    });
  }

  async #link(
    tx: Transaction,
    connection: SsoConnection,
    userId: string,
    { subject }: ProvidedIdentity,
    at: Date,
  ): Promise<void> {
    if (!(await this.connections.link(tx, connection, userId, subject, at)))
      throw refused('You were logged in twice at the same time: begin again.');
  }
}

const refused = (detail: string): AppError => new AppError(SSO_REFUSED, { detail });
