import { hkdfSync, timingSafeEqual } from 'node:crypto';
import { credentialDigest } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import Provider, { type Client, type JWK } from 'oidc-provider';
import { ApplicationRepository } from '../../applications/application.repository.ts';
import { Issuer } from '../issuer.ts';
import { OAuthRecordRepository } from '../records/oauth-record.repository.ts';
import { RecordAdapter } from '../records/record-adapter.ts';
import { type KeySet, SigningKeys } from '../signing-keys/signing-keys.ts';
import { ClientAdapter } from './client-adapter.ts';
import { extrasOf, providerOptions } from './provider-options.ts';
import { StructuredTokens } from './structured-tokens.ts';

interface ProviderConfig {
  readonly AUTH_SECRET_KEYS: readonly Buffer[];
}

/**
 * The OAuth provider, for the signing keys of the moment: it takes its keys when it is made, and is made anew when they
 * change, which costs some milliseconds. It has no state of its own.
 */
@Injectable()
export class OAuthProvider {
  #made: { readonly version: string; readonly provider: Provider } | null = null;

  constructor(
    private readonly keys: SigningKeys,
    private readonly records: OAuthRecordRepository,
    private readonly applications: ApplicationRepository,
    private readonly tokens: StructuredTokens,
    private readonly issuer: Issuer,
    @Inject(CONFIG) private readonly config: ProviderConfig,
  ) {}

  async current(): Promise<Provider> {
    const set = await this.keys.current();
    const version = [set.active, ...set.keys].map(({ kid }) => kid).join(' ');
    if (this.#made?.version !== version) this.#made = { version, provider: this.#make(set) };
    return this.#made.provider;
  }

  #make({ active, keys }: KeySet): Provider {
    const sorted = [active, ...keys.filter((key) => key !== active)];
    const provider = new Provider(
      this.issuer.url,
      providerOptions({
        issuer: this.issuer.url,
        jwks: { keys: sorted.map(({ privateJwk }) => privateJwk as JWK) },
        adapter: (model: string) =>
          model === 'Client' ? new ClientAdapter(this.applications) : new RecordAdapter(model, this.records),
        cookieKeys: this.config.AUTH_SECRET_KEYS.map(cookieKey),
      }),
    );
    // The addresses are made by the issuer that the listener names, never by what a caller sends.
    provider.proxy = true;
    provider.Client.prototype.compareClientSecret = hasSecret;
    provider.use(this.tokens.middleware);
    return provider;
  }
}

/** All instances derive the same key. */
const cookieKey = (secret: Buffer): string =>
  Buffer.from(hkdfSync('sha256', secret, '', 'gridworks oauth cookies', 32)).toString('base64url');

/** Whether this is the secret of the application, or the one before within its overlap. Digests are compared. */
function hasSecret(this: Client, given: string): boolean {
  const digest = credentialDigest(given);
  const { old_secret: old } = extrasOf(this);
  const isNow = isSame(digest, this.clientSecret);
  return old && Date.now() < old.until ? isSame(digest, old.digest) || isNow : isNow;
}

const isSame = (digest: string, stored: string | undefined): boolean =>
  stored !== undefined &&
  digest.length === stored.length &&
  timingSafeEqual(Buffer.from(digest), Buffer.from(stored));
