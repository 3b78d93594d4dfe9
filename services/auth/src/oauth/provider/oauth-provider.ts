import { hkdfSync } from 'node:crypto';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type Provider from 'oidc-provider';
import { ApplicationRepository } from '../../applications/application.repository.ts';
import { Issuer } from '../issuer.ts';
import { OAuthRecordRepository } from '../records/oauth-record.repository.ts';
import { type KeySet, SigningKeys } from '../signing-keys/signing-keys.ts';
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
  #made: { readonly version: string; readonly provider: Promise<Provider> } | null = null;

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

  async #make(keys: KeySet): Promise<Provider> {
    const { makeProvider } = await import('./make-provider.ts');
    const { records, applications, tokens } = this;
    const cookieKeys = this.config.AUTH_SECRET_KEYS.map(cookieKey);
    return makeProvider({ issuer: this.issuer.url, keys, cookieKeys, records, applications, tokens });
  }
}

/** All instances derive the same key. */
const cookieKey = (secret: Buffer): string =>
  Buffer.from(hkdfSync('sha256', secret, '', 'gridworks oauth cookies', 32)).toString('base64url');
