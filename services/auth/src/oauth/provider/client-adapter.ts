import type { Adapter, AdapterPayload, AllClientMetadata, Client } from 'oidc-provider';
import type { ApplicationRepository } from '../../applications/application.repository.ts';
import type { Application } from '../../applications/application.ts';

/** The member of a client's metadata that has what the provider knows of it besides the metadata of OAuth. */
export const CLIENT_EXTRAS = 'application';

export interface ClientExtras {
  readonly partner_id: string;
  readonly kind: Application['kind'];
  readonly scopes: readonly string[];
  /** The digest of the secret before, and its end in epoch ms. */
  readonly old_secret?: { readonly digest: string; readonly until: number };
}

export const extrasOf = (client: Client): ClientExtras => client[CLIENT_EXTRAS] as ClientExtras;

/** Applications, as the provider reads its clients. They are made and changed by the API alone. */
export class ClientAdapter implements Adapter {
  readonly #applications: ApplicationRepository;

  constructor(applications: ApplicationRepository) {
    this.#applications = applications;
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const found = await this.#applications.findActive(id);
    return found ? (metadataOf(found) as AdapterPayload) : undefined;
  }

  upsert = refuse;
  findByUid = refuse;
  findByUserCode = refuse;
  consume = refuse;
  destroy = refuse;
  revokeByGrantId = refuse;
}

const refuse = (): Promise<never> => Promise.reject(new Error('the provider changes no application'));

function metadataOf(one: Application): AllClientMetadata & { readonly [CLIENT_EXTRAS]: ClientExtras } {
  const isService = one.kind === 'service';
  return {
    client_id: one.id,
    client_name: one.name,
    // A digest: `compareClientSecret` hashes what a caller sends.
    ...(one.secret_digest ? { client_secret: one.secret_digest } : {}),
    token_endpoint_auth_method: one.kind === 'native' ? 'none' : 'client_secret_basic',
    application_type: one.kind === 'native' ? 'native' : 'web',
    grant_types: isService ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
    response_types: isService ? [] : ['code'],
    response_modes: ['query'],
    redirect_uris: [...one.redirect_uris],
    id_token_signed_response_alg: 'EdDSA',
    [CLIENT_EXTRAS]: {
      ...{ partner_id: one.partner_id, kind: one.kind, scopes: one.scopes },
      ...(one.old_secret_digest && one.old_secret_expires_at
        ? { old_secret: { digest: one.old_secret_digest, until: one.old_secret_expires_at.getTime() } }
        : {}),
    },
  };
}
