import { AppError, type createLogInAttempt, INTERNAL, type OutputOf } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { OidcAttempt } from '../log-in-providers/oidc-client.ts';
import { LogInAttemptRepository, type NewAttempt } from './log-in-attempt.repository.ts';

/** From the environment. */
interface PortalConfig {
  readonly PORTAL_URL: string;
  readonly AUTH_PUBLIC_ORIGINS: readonly string[];
}

interface Begun extends Omit<NewAttempt, 'browserDigest' | 'redirectUri'> {
  readonly browserDigest: string | undefined;
  /** The origin of the page, as the gateway saw it. */
  readonly origin: string | undefined;
}

/** The page of the console that providers send browsers back to. */
export const CALLBACK_PATH = '/log-in/callback';

/** Sends browsers to providers. */
@Injectable()
export class BeginAttempt {
  readonly #origins: ReadonlySet<string>;
  readonly #usual: string;

  constructor(
    private readonly attempts: LogInAttemptRepository,
    @Inject(CONFIG) { PORTAL_URL: url, AUTH_PUBLIC_ORIGINS: origins }: PortalConfig,
  ) {
    this.#usual = new URL(url).origin;
    this.#origins = new Set([this.#usual, ...origins]);
  }

  /** @param urlOf where the browser goes, at the provider */
  async begin(
    { browserDigest, origin, ...about }: Begun,
    urlOf: (attempt: OidcAttempt) => Promise<string>,
  ): Promise<OutputOf<typeof createLogInAttempt>> {
    if (browserDigest === undefined)
      throw new AppError(INTERNAL, { detail: 'the gateway sent no browser_digest' });
    // The browser comes back where it is known by its cookie. An origin of nobody here is not repeated.
    const home = origin !== undefined && this.#origins.has(origin) ? origin : this.#usual;
    const redirectUri = `${home}${CALLBACK_PATH}`;
    const { attempt, expiresAt } = await this.attempts.create({ ...about, browserDigest, redirectUri });
    return {
      object: 'log_in_attempt',
      authorization_url: await urlOf(attempt),
      expires_at: expiresAt.toISOString(),
    };
  }
}
