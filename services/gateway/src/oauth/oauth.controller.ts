import { Bus } from '@gridworks/bus';
import {
  AppError,
  exchangeOAuth,
  INVALID_INPUT,
  type InputOf,
  MAX_OAUTH_BODY_BYTES,
} from '@gridworks/contracts';
import { runInContext } from '@gridworks/observability';
import { Controller, Req, Res } from '@nestjs/common';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { definePage } from '../routing/route-declaration.ts';
import { Serve } from '../routing/serve.decorator.ts';

/** The first exchange with an instance of auth loads the provider's library, which may take a second on a busy machine. */
const EXCHANGE_MS = 5_000;

/** An address of the OAuth provider. Its callers authenticate themselves to the provider, by the rules of OAuth. */
const page = (method: 'GET' | 'POST', path: string, summary: string, mediaType = 'application/json') =>
  definePage({
    summary,
    http: {
      ...{ method, path, status: 200, deadlineMs: EXCHANGE_MS },
      ...(method === 'POST' ? { bodyLimitBytes: MAX_OAUTH_BODY_BYTES } : {}),
    },
    permission: 'public',
    mediaType,
    takesForms: method === 'POST',
    internal: true,
  });

const AUTHORIZE = page(
  'GET',
  '/oauth/authorize',
  'Begin an authorization: open it in a browser',
  'text/html',
);
const RESUME = page(
  'GET',
  '/oauth/authorize/:uid',
  'Go on with an authorization after the decision',
  'text/html',
);
const TOKEN = page('POST', '/oauth/token', 'Get tokens: client credentials, a code or a refresh token');
const PAR = page('POST', '/oauth/par', 'Push an authorization request (RFC 9126)');
const INTROSPECT = page('POST', '/oauth/introspect', 'Whether an own token is valid now (RFC 7662)');
const REVOKE = page('POST', '/oauth/revoke', 'Revoke an own token (RFC 7009)');
const JWKS = page('GET', '/.well-known/jwks.json', 'The public keys of access tokens');
const OPENID = page(
  'GET',
  '/.well-known/openid-configuration',
  'What the OAuth provider can (OpenID Connect)',
);
const METADATA = page(
  'GET',
  '/.well-known/oauth-authorization-server',
  'What the OAuth provider can (RFC 8414)',
);

/**
 * The addresses of OAuth: each exchange goes to auth as it came, and comes back as the provider made it. The gateway counts
 * it for the limits of its address, and reads nothing of it.
 */
@Controller()
export class OAuthController {
  constructor(readonly bus: Bus) {}

  @Serve(AUTHORIZE)
  authorize(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#exchange(request, reply);
  }

  @Serve(RESUME)
  resume(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#exchange(request, reply);
  }

  @Serve(TOKEN)
  token(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#exchange(request, reply);
  }

  @Serve(PAR)
  push(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#exchange(request, reply);
  }

  @Serve(INTROSPECT)
  introspect(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#exchange(request, reply);
  }

  @Serve(REVOKE)
  revoke(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#exchange(request, reply);
  }

  @Serve(JWKS)
  keys(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#exchange(request, reply);
  }

  @Serve(OPENID)
  openid(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#exchange(request, reply);
  }

  @Serve(METADATA)
  metadata(@Req() request: PublicRequest, @Res() reply: PublicReply) {
    return this.#exchange(request, reply);
  }

  async #exchange(request: PublicRequest, reply: PublicReply): Promise<void> {
    const { call, raw } = request;
    if (!call) throw new Error('an exchange without a call');
    const parsed = exchangeOAuth.input.safeParse({
      method: raw.method === 'HEAD' ? 'GET' : raw.method,
      path: raw.url,
      headers: headersOf(request),
      body: call.rawBody?.toString('latin1') ?? '',
    } satisfies InputOf<typeof exchangeOAuth> | object);
    if (!parsed.success) throw new AppError(INVALID_INPUT, { detail: 'The request is too long.' });
    const context = {
      requestId: call.requestId,
      traceparent: call.traceparent,
      deadlineAt: call.deadlineAt,
      principal: undefined,
    };
    const response = await runInContext(context, () =>
      this.bus.request(exchangeOAuth, parsed.data, { deadlineMs: call.deadlineAt - Date.now() }),
    );
    reply.code(response.status).headers(response.headers).send(response.body);
  }
}

/** The headers that the provider reads. A page of another origin gets no token: there is no CORS. */
function headersOf({ raw: { headers } }: PublicRequest): Record<string, string> {
  const names = ['accept', 'authorization', 'content-type', 'cookie'] as const;
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}
