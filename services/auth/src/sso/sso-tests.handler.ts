import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  ATTEMPT_ENDED,
  actorOf,
  beginSsoTest,
  completeSsoTest,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  SSO_NOT_FOUND,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { DomainRepository } from '../domains/domain.repository.ts';
import { BeginAttempt } from '../log-in-attempts/begin-attempt.ts';
import { LogInAttemptRepository } from '../log-in-attempts/log-in-attempt.repository.ts';
import type { ProvidedIdentity } from '../log-in-providers/provided-identity.ts';
import { SsoClients } from '../sso-connections/sso-clients.ts';
import { SsoConnectionRepository } from '../sso-connections/sso-connection.repository.ts';
import { presentConnection } from '../sso-connections/sso-connection.ts';

type TestResult = OutputOf<typeof completeSsoTest>;

/** Test log-ins: real round trips to the partner's provider that log nobody in. */
@Controller()
export class SsoTestsHandler {
  constructor(
    private readonly database: Database,
    private readonly connections: SsoConnectionRepository,
    private readonly clients: SsoClients,
    private readonly domains: DomainRepository,
    private readonly begin: BeginAttempt,
    private readonly attempts: LogInAttemptRepository,
    @Inject(CONFIG) private readonly config: { readonly PORTAL_URL: string },
  ) {}

  @HandleRequest(beginSsoTest)
  async beginTest(
    input: ParsedInputOf<typeof beginSsoTest>,
    call: CallContext,
  ): Promise<OutputOf<typeof beginSsoTest>> {
    const connection = await this.connections.find(partnerOf(call), input.id);
    if (!connection) throw new AppError(SSO_NOT_FOUND);
    return this.begin.begin(
      {
        ...{ purpose: 'test', provider: null, connectionId: connection.id },
        ...{ userId: actorOf(call), returnTo: null },
        ...{ browserDigest: input.browser_digest, origin: input.origin },
      },
      (attempt) => this.clients.authorizationUrl(connection, attempt),
    );
  }

  /** Only a test of the settings as they are now counts, and one that a person could have logged in with. */
  @HandleRequest(completeSsoTest)
  async complete(input: ParsedInputOf<typeof completeSsoTest>, call: CallContext): Promise<TestResult> {
    const partnerId = partnerOf(call);
    const { row, attempt } = await this.attempts.use(input.state, 'test', input.browser_digest);
    if (row.user_id !== actorOf(call)) throw new AppError(ATTEMPT_ENDED);
    const connection = await this.connections.find(partnerId, row.sso_connection_id ?? '');
    if (!connection) throw new AppError(SSO_NOT_FOUND);
    const identity = await this.clients.identity(connection, attempt, input, row.identity);
    const problems = await this.#problemsOf(partnerId, identity);
    return this.database.transaction(async (tx) => {
      const held = await this.connections.hold(tx, partnerId, connection.id);
      if (!held) throw new AppError(SSO_NOT_FOUND);
      if (held.changed_at.getTime() > row.created_at.getTime()) throw new AppError(ATTEMPT_ENDED);
      await this.attempts.close(tx, row, new Date());
      const isPassed = problems.length === 0;
      noteAct({ after: { passed: isPassed } });
      const state = held.state === 'enforced' ? 'enforced' : 'tested';
      const tested = isPassed
        ? await this.connections.change(tx, held, { state, tested_at: new Date() })
        : held;
      return {
        object: 'sso_test' as const,
        connection: presentConnection(tested, this.config.PORTAL_URL),
        received: {
          ...{ subject: identity.subject, email: identity.email },
          ...{ email_verified: identity.emailVerified, name: identity.name },
        },
        problems,
      };
    });
  }

  async #problemsOf(partnerId: string, identity: ProvidedIdentity): Promise<TestResult['problems']> {
    if (identity.email === null) return ['no_address'];
    const problems: TestResult['problems'] = [];
    if (identity.emailVerified === false) problems.push('address_unverified');
    const domain = identity.email.split('@')[1] ?? '';
    if (!(await this.domains.isVerified(partnerId, domain))) problems.push('domain_unverified');
    return problems;
  }
}
