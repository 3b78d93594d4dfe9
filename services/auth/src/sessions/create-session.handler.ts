import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  createSession,
  credentialDigest,
  LOGIN_REFUSED,
  newId,
  newSessionToken,
  type OutputOf,
  type ParsedInputOf,
} from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { LoginThrottle } from '../throttling/login-throttle.ts';
import { KnownNetworkRepository } from '../users/known-network.repository.ts';
import { PasswordHasher } from '../users/password-hasher.ts';
import { UserRepository } from '../users/user.repository.ts';
import { presentUser } from '../users/user.ts';
import { SessionRepository } from './session.repository.ts';
import { SESSION_LIFETIME_MS } from './session.ts';

@Controller()
export class CreateSessionHandler {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly networks: KnownNetworkRepository,
    private readonly passwords: PasswordHasher,
    private readonly throttle: LoginThrottle,
  ) {}

  /** An unknown address and a wrong password end alike: same error, same time. */
  @HandleRequest(createSession)
  async create(input: ParsedInputOf<typeof createSession>): Promise<OutputOf<typeof createSession>> {
    // Looked up first: while the database is away, tries must not use up anybody's attempts.
    const { user, isKnownNetwork } = await this.users.findForLogIn(input.email, input.client_ip);
    const attempt = await this.throttle.admit(input.email, input.client_ip, isKnownNetwork);
    const right = await this.passwords
      .verify(user?.password_hash ?? null, input.password)
      .catch(async (error: unknown) => {
        await attempt.takeBack();
        throw error;
      });
    if (!user || !right) throw new AppError(LOGIN_REFUSED);
    await attempt.succeeded();

    const token = newSessionToken();
    const now = new Date();
    const session = {
      id: newId('session'),
      user_id: user.id,
      digest: credentialDigest(token),
      created_at: now,
      expires_at: new Date(now.getTime() + SESSION_LIFETIME_MS),
    };
    await this.database.transaction(async (tx) => {
      await this.sessions.insert(tx, session);
      await this.networks.remember(tx, user.id, input.client_ip, now);
    });
    return {
      object: 'session',
      id: session.id,
      token,
      expires_at: session.expires_at.toISOString(),
      user: presentUser(user),
    };
  }
}
