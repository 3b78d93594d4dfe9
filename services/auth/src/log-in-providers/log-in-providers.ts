import { AppError, PROVIDER_NOT_FOUND } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { GitHubClient } from './github-client.ts';
import type { LogInProvider } from './log-in-provider.ts';
import { type OidcAttempt, OidcClient, type ProviderAnswer } from './oidc-client.ts';
import { type ProvidedIdentity, readIdentity } from './provided-identity.ts';

/** From the environment. */
interface ProviderConfig {
  readonly AUTH_LOG_IN_PROVIDERS?: readonly LogInProvider[];
}

/** How a provider logs people in. */
interface Client {
  /** @param more further parameters, for providers that know them */
  authorizationUrl(attempt: OidcAttempt, more?: Readonly<Record<string, string>>): Promise<string>;
  identity(attempt: OidcAttempt, answer: ProviderAnswer): Promise<ProvidedIdentity>;
}

/** The log-in providers of the configuration. */
@Injectable()
export class LogInProviders {
  readonly all: readonly LogInProvider[];
  readonly #clients: ReadonlyMap<string, Client>;

  constructor(@Inject(CONFIG) { AUTH_LOG_IN_PROVIDERS: all = [] }: ProviderConfig) {
    this.all = all;
    this.#clients = new Map(all.map((provider) => [provider.id, clientOf(provider)]));
  }

  /** Throws `AUTH.PROVIDER_NOT_FOUND` for one that is not in the configuration, or not any more. */
  of(id: string): LogInProvider & Client {
    const provider = this.all.find((one) => one.id === id);
    const client = this.#clients.get(id);
    if (!provider || !client) throw new AppError(PROVIDER_NOT_FOUND);
    return { ...provider, authorizationUrl: client.authorizationUrl, identity: client.identity };
  }

  /** The ids of all providers. */
  get ids(): string[] {
    return this.all.map(({ id }) => id);
  }

  /** As buttons show it; the id itself for a provider that is no longer configured. */
  nameOf(id: string): string {
    return this.all.find((one) => one.id === id)?.name ?? id;
  }
}

function clientOf(provider: LogInProvider): Client {
  if (provider.kind === 'github') {
    const client = new GitHubClient(provider);
    return {
      authorizationUrl: (attempt) => client.authorizationUrl(attempt),
      identity: (attempt, answer) => client.identity(attempt, answer),
    };
  }
  const client = new OidcClient({
    source: 'auth.log-in-provider',
    breaker: `log-in-provider.${provider.id}`,
    allowHttp: provider.issuer.startsWith('http:'),
  });
  return {
    authorizationUrl: (attempt, more) => client.authorizationUrl(provider, attempt, more),
    identity: async (attempt, answer) => readIdentity(await client.claims(provider, attempt, answer)),
  };
}
