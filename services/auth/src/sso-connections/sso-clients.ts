import { AppError, PROVIDER_REFUSED, SSO_NOT_FOUND } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import {
  type OidcAttempt,
  OidcClient,
  type OidcRegistration,
  type ProviderAnswer,
} from '../log-in-providers/oidc-client.ts';
import { type ProvidedIdentity, readIdentity } from '../log-in-providers/provided-identity.ts';
import { SecretBox } from '../second-factors/totp/secret-box.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { SamlClient, type SamlParties } from './saml-client.ts';
import { oidcOf, portalSide, type SsoConnection, samlOf } from './sso-connection.ts';

/** From the environment. */
interface SsoConfig {
  readonly AUTH_SSO_PRIVATE_NETWORKS?: boolean;
  readonly PORTAL_URL: string;
}

/**
 * The identity providers of partners. No breaker: the fault of one partner's provider must not close the way to the others. Their
 * addresses were typed in by partners, so that only the public internet is reached, unless the configuration says otherwise.
 */
@Injectable()
export class SsoClients {
  readonly #oidc: OidcClient;
  readonly #saml = new SamlClient();
  readonly #portalUrl: string;

  constructor(
    private readonly box: SecretBox,
    @Inject(CONFIG) { AUTH_SSO_PRIVATE_NETWORKS: isPrivate = false, PORTAL_URL }: SsoConfig,
  ) {
    this.#portalUrl = PORTAL_URL;
    this.#oidc = new OidcClient({
      source: 'auth.sso',
      breaker: false,
      allowHttp: isPrivate,
      fetch: isPrivate ? undefined : (url, init) => guardedFetch(url, init as RequestInit),
    });
  }

  /** @param more further parameters, for OpenID Connect */
  authorizationUrl(
    connection: SsoConnection,
    attempt: OidcAttempt,
    more: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    return samlOf(connection)
      ? this.#saml.authorizationUrl(this.#partiesOf(connection), requestIdOf(attempt), attempt.state)
      : this.#oidc.authorizationUrl(this.#registrationOf(connection), attempt, more);
  }

  /**
   * Rejects with `AUTH.PROVIDER_REFUSED` or `AUTH.PROVIDER_UNAVAILABLE`.
   * @param received who a SAML provider said it is, when its response came before the browser
   */
  async identity(
    connection: SsoConnection,
    attempt: OidcAttempt,
    answer: ProviderAnswer,
    received: ProvidedIdentity | null,
  ): Promise<ProvidedIdentity> {
    if (!samlOf(connection))
      return readIdentity(await this.#oidc.claims(this.#registrationOf(connection), attempt, answer));
    if (!received) throw new AppError(PROVIDER_REFUSED, { detail: 'The provider sent no response.' });
    return received;
  }

  /** The person of a SAML response. Rejects with `AUTH.PROVIDER_REFUSED`. */
  readSaml(connection: SsoConnection, nonce: string, response: string): Promise<ProvidedIdentity> {
    return this.#saml.identity(this.#partiesOf(connection), requestIdOf({ nonce }), response);
  }

  metadata(connection: SsoConnection): Promise<string> {
    return this.#saml.metadata(this.#partiesOf(connection));
  }

  #partiesOf(connection: SsoConnection): SamlParties {
    const saml = samlOf(connection);
    if (!saml) throw new AppError(SSO_NOT_FOUND);
    const { metadata_url: audience, acs_url: acsUrl } = portalSide(this.#portalUrl, connection.id);
    const { entity_id: entityId, entry_point: entryPoint, certificates } = saml;
    return { entityId, entryPoint, certificates, audience, acsUrl };
  }

  #registrationOf(connection: SsoConnection): OidcRegistration {
    const oidc = oidcOf(connection);
    if (!oidc || connection.secret === null) throw new AppError(SSO_NOT_FOUND);
    const clientSecret = this.box.open(connection.secret, connection.id);
    return { issuer: oidc.issuer, clientId: oidc.client_id, clientSecret };
  }
}

/** The id of the SAML request of an attempt: an XML id, which begins with no digit. */
const requestIdOf = ({ nonce }: Pick<OidcAttempt, 'nonce'>): string => `_${nonce}`;
