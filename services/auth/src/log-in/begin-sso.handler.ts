import { HandleRequest } from '@gridworks/bus';
import { AppError, beginSso, type OutputOf, type ParsedInputOf, SSO_NOT_FOUND } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { DomainRepository } from '../domains/domain.repository.ts';
import { domainOf } from '../domains/read-domain.ts';
import { BeginAttempt } from '../log-in-attempts/begin-attempt.ts';
import { SsoClients } from '../sso-connections/sso-clients.ts';
import { SsoConnectionRepository } from '../sso-connections/sso-connection.repository.ts';
import { AttemptThrottle } from '../throttling/attempt-throttle.ts';

@Controller()
export class BeginSsoHandler {
  constructor(
    private readonly domains: DomainRepository,
    private readonly connections: SsoConnectionRepository,
    private readonly clients: SsoClients,
    private readonly begin: BeginAttempt,
    private readonly throttle: AttemptThrottle,
  ) {}

  /** The domain of the address decides. Whether the address has an account is not looked at. */
  @HandleRequest(beginSso)
  async beginLogIn(input: ParsedInputOf<typeof beginSso>): Promise<OutputOf<typeof beginSso>> {
    await this.throttle.admit(input.client_ip);
    const partnerId = await this.domains.ownerOf(domainOf(input.email));
    const connection = partnerId === null ? null : await this.connections.usedBy(partnerId);
    if (!connection)
      throw new AppError(SSO_NOT_FOUND, {
        detail:
          'No partner has single sign-on for addresses of this domain. Log in with your password or a provider.',
      });
    return this.begin.begin(
      {
        ...{ purpose: 'log_in', provider: null, connectionId: connection.id, userId: null },
        ...{ browserDigest: input.browser_digest, origin: input.origin, returnTo: input.return_to ?? null },
      },
      (attempt) => this.clients.authorizationUrl(connection, attempt, { login_hint: input.email }),
    );
  }
}
