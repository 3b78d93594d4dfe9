import { setTimeout as sleep } from 'node:timers/promises';
import { credentialRevoked, newId } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PasswordHasher } from './password-hasher.ts';
import { UserRepository } from './user.repository.ts';
import { NO_PREFERENCES } from './user.ts';

/** From the environment: both are set, or neither. */
interface AdminConfig {
  readonly AUTH_ADMIN_EMAIL?: string | undefined;
  readonly AUTH_ADMIN_PASSWORD?: string | undefined;
}

const RETRY_EVERY_MS = 1000;

/**
 * Makes sure that the admin of the configuration exists, with the configured password. A first start is ready
 * only after one attempt to make the admin, so that the printed password works at once. All further attempts
 * run in the background: a service whose database is away is ready, and keeps trying.
 */
@Injectable()
export class AdminSeed implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #ended = new AbortController();

  constructor(
    @Inject(CONFIG) private readonly config: AdminConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { AUTH_ADMIN_EMAIL: email, AUTH_ADMIN_PASSWORD: password } = this.config;
    if (!email || !password) return;
    const known = await this.users.findByEmail(email).catch(() => 'unknown');
    if (!known && (await this.#attempt(email, password, 1))) return;
    void this.#untilDone(email, password, known ? 1 : 2);
  }

  onApplicationShutdown(): void {
    this.#ended.abort();
  }

  /** Idempotent. Never turns a partner's user with that address into an admin. */
  async seed(
    email: string,
    password: string,
  ): Promise<'made' | 'unchanged' | 'password changed' | 'refused'> {
    const user = await this.users.findByEmail(email);
    if (!user) {
      const admin = {
        id: newId('user'),
        email,
        password_hash: await this.passwords.hash(password),
        platform_role: 'platform_admin' as const,
        // The configuration vouches for the address.
        email_confirmed_at: new Date(),
        last_partner_id: null,
        created_at: new Date(),
        ...NO_PREFERENCES,
      };
      const made = await this.database.transaction((tx) => this.users.insertUnlessTaken(tx, admin));
      return made ? 'made' : 'unchanged';
    }
    if (user.platform_role === null) return 'refused';
    if (await this.passwords.verify(user.password_hash, password)) return 'unchanged';
    const passwordHash = await this.passwords.hash(password);
    await this.database.transaction(async (tx) => {
      const ended = await this.users.changePassword(tx, user.id, passwordHash, new Date());
      for (const session of ended) tx.emit(credentialRevoked, { kind: 'session', ...session });
    });
    return 'password changed';
  }

  async #untilDone(email: string, password: string, from: number): Promise<void> {
    for (let tries = from; ; tries++) {
      if (tries > 1)
        await sleep(RETRY_EVERY_MS, undefined, { signal: this.#ended.signal, ref: false }).catch(() => {});
      if (this.#ended.signal.aborted || (await this.#attempt(email, password, tries))) return;
    }
  }

  /** Returns whether the admin needs no further attempt. */
  async #attempt(email: string, password: string, tries: number): Promise<boolean> {
    try {
      const outcome = await this.seed(email, password);
      if (outcome === 'refused') this.logger.log('admin.address_taken');
      else this.logger.log('admin.configured', { outcome });
      return true;
    } catch (error) {
      if (tries === 1) this.logger.log('admin.create_failed', { error });
      return false;
    }
  }
}
