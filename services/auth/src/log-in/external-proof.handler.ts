import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  ATTEMPT_ENDED,
  beginExternalProof,
  callerOf,
  completeExternalProof,
  IDENTITY_NOT_FOUND,
  type OutputOf,
  type ParsedInputOf,
  PROVIDER_NOT_FOUND,
  STEP_UP_MS,
  sessionProved,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ExternalIdentityRepository } from '../external-identities/external-identity.repository.ts';
import { BeginAttempt } from '../log-in-attempts/begin-attempt.ts';
import { LogInAttemptRepository } from '../log-in-attempts/log-in-attempt.repository.ts';
import type { LogInAttempt } from '../log-in-attempts/log-in-attempt.ts';
import { LogInProviders } from '../log-in-providers/log-in-providers.ts';
import type { OidcAttempt, ProviderAnswer } from '../log-in-providers/oidc-client.ts';
import { SessionRepository } from '../sessions/session.repository.ts';
import { SsoClients } from '../sso-connections/sso-clients.ts';
import { SsoConnectionRepository } from '../sso-connections/sso-connection.repository.ts';

/** A person who is logged in proves again who they are, with a log-in at a provider. */
@Controller()
export class ExternalProofHandler {
  constructor(
    private readonly database: Database,
    private readonly providers: LogInProviders,
    private readonly begin: BeginAttempt,
    private readonly attempts: LogInAttemptRepository,
    private readonly identities: ExternalIdentityRepository,
    private readonly sessions: SessionRepository,
    private readonly connections: SsoConnectionRepository,
    private readonly clients: SsoClients,
  ) {}

  @HandleRequest(beginExternalProof)
  async beginProof(
    input: ParsedInputOf<typeof beginExternalProof>,
    call: CallContext,
  ): Promise<OutputOf<typeof beginExternalProof>> {
    const userId = personOf(call);
    const { sso_connection_id: connectionId } = callerOf(call);
    const begunBy = { browserDigest: input.browser_digest, origin: input.origin };
    if (connectionId !== undefined) {
      const connection = await this.connections.findById(connectionId);
      if (!connection) throw new AppError(PROVIDER_NOT_FOUND);
      return this.begin.begin(
        { purpose: 'prove', provider: null, connectionId, userId, returnTo: null, ...begunBy },
        (attempt) => this.clients.authorizationUrl(connection, attempt, { prompt: 'login' }),
      );
    }
    const provider = this.providers.of(input.provider);
    const own = await this.identities.listOf(userId);
    if (!own.some((one) => one.provider === provider.id)) throw new AppError(IDENTITY_NOT_FOUND);
    return this.begin.begin(
      { purpose: 'prove', provider: provider.id, userId, returnTo: null, ...begunBy },
      (attempt) => provider.authorizationUrl(attempt, { prompt: 'login' }),
    );
  }

  /** Only an identity of the person proves it: whoever else logs in at the provider proves nothing. */
  @HandleRequest(completeExternalProof)
  async complete(
    input: ParsedInputOf<typeof completeExternalProof>,
    call: CallContext,
  ): Promise<OutputOf<typeof completeExternalProof>> {
    const userId = personOf(call);
    const { row, attempt } = await this.attempts.use(input.state, 'prove', input.browser_digest);
    if (row.user_id !== userId) throw new AppError(ATTEMPT_ENDED);
    if ((row.sso_connection_id ?? undefined) !== callerOf(call).sso_connection_id)
      throw new AppError(ATTEMPT_ENDED);
    const use = row.sso_connection_id
      ? await this.#ssoUse(row, userId, attempt, input)
      : await this.#externalUse(row.provider ?? '', userId, attempt, input);
    const now = new Date();
    await this.database.transaction(async (tx) => {
      const session = await this.sessions.prove(tx, callerOf(call).id, 'external', now);
      if (!session) throw new AppError(UNAUTHENTICATED);
      await use(tx, now);
      tx.emit(sessionProved, session);
    });
    return {
      object: 'step_up',
      authenticated_at: now.toISOString(),
      fresh_until: new Date(now.getTime() + STEP_UP_MS).toISOString(),
    };
  }

  async #externalUse(id: string, userId: string, attempt: OidcAttempt, answer: ProviderAnswer): Promise<Use> {
    const provided = await this.providers.of(id).identity(attempt, answer);
    const linked = await this.identities.find(id, provided.subject);
    if (linked?.user_id !== userId) throw somebodyElse();
    return async (tx, at) => void (await this.identities.use(tx, linked, provided.email, at));
  }

  async #ssoUse(
    row: LogInAttempt,
    userId: string,
    attempt: OidcAttempt,
    answer: ProviderAnswer,
  ): Promise<Use> {
    const connection = await this.connections.findById(row.sso_connection_id ?? '');
    if (!connection) throw new AppError(PROVIDER_NOT_FOUND);
    const provided = await this.clients.identity(connection, attempt, answer, row.identity);
    const known = await this.connections.findIdentity(connection, provided.subject);
    if (known?.user_id !== userId) throw somebodyElse();
    return (tx, at) => this.connections.use(tx, known, at);
  }
}

/** Records the log-in at the provider. */
type Use = (tx: Transaction, at: Date) => Promise<void>;

const somebodyElse = (): AppError =>
  new AppError(IDENTITY_NOT_FOUND, {
    detail: 'You logged in at the provider as somebody whose log-in is not one of yours here.',
  });

function personOf(call: CallContext): string {
  const { user_id: userId } = callerOf(call);
  if (!userId) throw new AppError(UNAUTHENTICATED);
  return userId;
}
