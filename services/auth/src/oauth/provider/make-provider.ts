import { timingSafeEqual } from 'node:crypto';
import { credentialDigest, KEY_SCOPES } from '@gridworks/contracts';
import Provider, { type Client, type JWK, type KoaContextWithOIDC } from 'oidc-provider';
import type { ApplicationRepository } from '../../applications/application.repository.ts';
import type { OAuthRecordRepository } from '../records/oauth-record.repository.ts';
import { RecordAdapter } from '../records/record-adapter.ts';
import type { KeySet } from '../signing-keys/signing-keys.ts';
import { ClientAdapter, extrasOf } from './client-adapter.ts';
import { providerOptions } from './provider-options.ts';
import type { StructuredTokens } from './structured-tokens.ts';

export interface ProviderNeeds {
  readonly issuer: string;
  readonly keys: KeySet;
  readonly cookieKeys: readonly string[];
  readonly records: OAuthRecordRepository;
  readonly applications: ApplicationRepository;
  readonly tokens: StructuredTokens;
}

/**
 * Makes a provider. The only file, with those that it alone imports, that loads the library: it takes a third of a second and
 * 40 MB, which an instance spends at its first exchange and not at its start.
 */
export function makeProvider({ issuer, keys: set, cookieKeys, ...needs }: ProviderNeeds): Provider {
  const sorted = [set.active, ...set.keys.filter((key) => key !== set.active)];
  const provider = new Provider(
    issuer,
    providerOptions({
      ...{ issuer, cookieKeys },
      jwks: { keys: sorted.map(({ privateJwk }) => privateJwk as JWK) },
      adapter: (model: string) =>
        model === 'Client' ? new ClientAdapter(needs.applications) : new RecordAdapter(model, needs.records),
    }),
  );
  // The addresses are made by the issuer that the listener names, never by what a caller sends.
  provider.proxy = true;
  provider.Client.prototype.compareClientSecret = hasSecret;
  provider.use(needs.tokens.middleware);
  provider.use(describeOurs);
  return provider;
}

/** The library names its own scopes alone, and all response modes, in what it can. */
async function describeOurs(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next();
  const { route } = (ctx as Partial<KoaContextWithOIDC>).oidc ?? {};
  if (route === 'discovery')
    Object.assign(ctx.body as object, {
      scopes_supported: ['openid', ...KEY_SCOPES],
      response_modes_supported: ['query'],
    });
}

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
