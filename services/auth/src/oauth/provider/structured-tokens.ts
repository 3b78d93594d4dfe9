import type { AppError } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { ApplicationRepository } from '../../applications/application.repository.ts';
import { AccessTokens } from '../access-tokens/access-tokens.ts';
import { extrasOf } from './client-adapter.ts';

type Next = () => Promise<void>;
interface OAuthError {
  readonly error?: string;
}

/**
 * What the library leaves to its user about JWT access tokens, which it does not store: their introspection (RFC 7662) and
 * revocation (RFC 7009). The library has authenticated the client by then. Also records that an application got a token.
 */
@Injectable()
export class StructuredTokens {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly applications: ApplicationRepository,
  ) {}

  readonly middleware = async (ctx: KoaContextWithOIDC, next: Next): Promise<void> => {
    await next();
    // An address that the provider does not serve has no exchange.
    const client = (ctx as Partial<KoaContextWithOIDC>).oidc?.client;
    if (!client) return;
    const { route, params } = ctx.oidc;
    if (route === 'token' && ctx.status === 200)
      await this.applications
        .use(client.clientId, extrasOf(client).partner_id, new Date())
        .catch(() => undefined);
    if ((ctx.body as OAuthError | undefined)?.error !== 'unsupported_token_type') return;
    const token = String(params?.token ?? '');
    if (route === 'introspection') await this.#introspect(ctx, token, client.clientId);
    if (route === 'revocation') await this.#revoke(ctx, token, client.clientId);
  };

  /** What is not valid now, and a token of another client, is not active: nothing more is said about it. */
  async #introspect(ctx: KoaContextWithOIDC, token: string, clientId: string): Promise<void> {
    const verified = await this.tokens.verify(token).catch(refusedAsNull);
    ctx.status = 200;
    if (verified?.claims.client_id !== clientId) {
      ctx.body = { active: false };
      return;
    }
    ctx.body = { active: true, token_type: 'Bearer', ...verified.claims };
  }

  /** A token that is not valid is revoked already. One of another client is refused. */
  async #revoke(ctx: KoaContextWithOIDC, token: string, clientId: string): Promise<void> {
    const verified = await this.tokens.verify(token).catch(refusedAsNull);
    if (verified && verified.claims.client_id !== clientId) {
      ctx.status = 400;
      ctx.body = { error: 'invalid_request', error_description: 'the token belongs to another client' };
      return;
    }
    if (verified) await this.tokens.revoke(token, verified.expiresAt);
    ctx.status = 200;
    ctx.body = '';
  }
}

/** A refusal is an answer; any other error is one. */
function refusedAsNull(error: AppError): null {
  if (error.kind === 'unauthenticated' || error.kind === 'forbidden') return null;
  throw error;
}
