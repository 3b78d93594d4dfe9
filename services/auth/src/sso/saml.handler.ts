import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  getSamlMetadata,
  type OutputOf,
  type ParsedInputOf,
  receiveSamlResponse,
  SSO_NOT_FOUND,
} from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { LogInAttemptRepository } from '../log-in-attempts/log-in-attempt.repository.ts';
import { SsoClients } from '../sso-connections/sso-clients.ts';
import { SsoConnectionRepository } from '../sso-connections/sso-connection.repository.ts';
import { type SsoConnection, samlOf } from '../sso-connections/sso-connection.ts';

/** What providers of SAML send and ask. */
@Controller()
export class SamlHandler {
  constructor(
    private readonly connections: SsoConnectionRepository,
    private readonly clients: SsoClients,
    private readonly attempts: LogInAttemptRepository,
  ) {}

  /**
   * Logs nobody in: the browser that began completes the attempt, at the callback page. The response must answer the request of this
   * attempt, and each attempt takes one: a response that is sent again finds none that waits.
   */
  @HandleRequest(receiveSamlResponse)
  async receive(
    input: ParsedInputOf<typeof receiveSamlResponse>,
  ): Promise<OutputOf<typeof receiveSamlResponse>> {
    const connection = await this.#find(input.connection_id);
    const attempt = await this.attempts.findWaiting(input.relay_state, connection.id);
    const identity = await this.clients.readSaml(connection, attempt.nonce, input.response);
    await this.attempts.receive(attempt, identity);
    const url = new URL(attempt.redirect_uri);
    url.searchParams.set('state', input.relay_state);
    return { object: 'saml_response', callback_url: url.href };
  }

  @HandleRequest(getSamlMetadata)
  async metadata(input: ParsedInputOf<typeof getSamlMetadata>): Promise<OutputOf<typeof getSamlMetadata>> {
    const connection = await this.#find(input.connection_id);
    return { object: 'saml_metadata', xml: await this.clients.metadata(connection) };
  }

  async #find(id: string): Promise<SsoConnection> {
    const connection = await this.connections.findById(id);
    if (!connection || !samlOf(connection)) throw new AppError(SSO_NOT_FOUND);
    return connection;
  }
}
