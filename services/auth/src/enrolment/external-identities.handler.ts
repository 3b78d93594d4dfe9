import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  ATTEMPT_ENDED,
  beginExternalIdentity,
  IDENTITY_NOT_FOUND,
  IDENTITY_TAKEN,
  linkExternalIdentity,
  listExternalIdentities,
  listPage,
  type OutputOf,
  type ParsedInputOf,
  removeExternalIdentity,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { ExternalIdentityRepository } from '../external-identities/external-identity.repository.ts';
import type { ExternalIdentity } from '../external-identities/external-identity.ts';
import { BeginAttempt } from '../log-in-attempts/begin-attempt.ts';
import { LogInAttemptRepository } from '../log-in-attempts/log-in-attempt.repository.ts';
import { LogInProviders } from '../log-in-providers/log-in-providers.ts';
import { SecondFactors } from '../second-factors/second-factors.ts';
import { OwnAccount } from './own-account.ts';

/** The log-ins at providers that belong to a person. */
@Controller()
export class ExternalIdentitiesHandler {
  constructor(
    private readonly account: OwnAccount,
    private readonly factors: SecondFactors,
    private readonly identities: ExternalIdentityRepository,
    private readonly providers: LogInProviders,
    private readonly begin: BeginAttempt,
    private readonly attempts: LogInAttemptRepository,
  ) {}

  @HandleRequest(listExternalIdentities)
  async list(
    _input: ParsedInputOf<typeof listExternalIdentities>,
    call: CallContext,
  ): Promise<OutputOf<typeof listExternalIdentities>> {
    const { id } = await this.account.userOf(call);
    const data = (await this.identities.listOf(id)).map((one) => this.#present(one));
    return listPage(listExternalIdentities, { data, has_more: false });
  }

  @HandleRequest(beginExternalIdentity)
  async beginLink(
    input: ParsedInputOf<typeof beginExternalIdentity>,
    call: CallContext,
  ): Promise<OutputOf<typeof beginExternalIdentity>> {
    const { id: userId } = await this.account.userOf(call);
    const provider = this.providers.of(input.provider);
    return this.begin.begin(
      {
        ...{ purpose: 'link', provider: provider.id, userId, returnTo: null },
        ...{ browserDigest: input.browser_digest, origin: input.origin },
      },
      (attempt) => provider.authorizationUrl(attempt),
    );
  }

  /** The person is logged in on both sides, so that no address has to be compared. */
  @HandleRequest(linkExternalIdentity)
  async link(
    input: ParsedInputOf<typeof linkExternalIdentity>,
    call: CallContext,
  ): Promise<OutputOf<typeof linkExternalIdentity>> {
    const { id: userId } = await this.account.userOf(call);
    const { row, attempt } = await this.attempts.use(input.state, 'link', input.browser_digest);
    if (row.user_id !== userId) throw new AppError(ATTEMPT_ENDED);
    const provider = this.providers.of(row.provider ?? '');
    const identity = await provider.identity(attempt, input);
    return this.account.change(call, async (tx, user, now) => {
      await this.attempts.close(tx, row, now);
      const linked = await this.identities.link(tx, user.id, provider.id, identity, now);
      if (!linked) throw new AppError(IDENTITY_TAKEN);
      this.account.tell(tx, 'factor-added', user, { external: provider.name });
      return this.#present(linked);
    });
  }

  /** An identity of another person and a missing one get the same error. */
  @HandleRequest(removeExternalIdentity)
  async remove(
    { id }: ParsedInputOf<typeof removeExternalIdentity>,
    call: CallContext,
  ): Promise<OutputOf<typeof removeExternalIdentity>> {
    return this.account.change(call, async (tx, user, now) => {
      const removed = await this.identities.remove(tx, user.id, id);
      if (!removed) throw new AppError(IDENTITY_NOT_FOUND);
      await this.factors.checkRest(tx, user);
      const external = this.providers.nameOf(removed.provider);
      this.account.tell(tx, 'factor-removed', user, { external });
      return { object: 'removed_external_identity' as const, id, removed_at: now.toISOString() };
    });
  }

  #present(identity: ExternalIdentity): OutputOf<typeof linkExternalIdentity> {
    const { id, provider, email, linked_at, last_used_at } = identity;
    return {
      object: 'external_identity',
      ...{ id, provider, email },
      provider_name: this.providers.nameOf(provider),
      linked_at: linked_at.toISOString(),
      last_used_at: last_used_at?.toISOString() ?? null,
    };
  }
}
