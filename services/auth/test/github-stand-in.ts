import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GitHubAccount {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly emails: readonly {
    readonly email: string;
    readonly primary: boolean;
    readonly verified: boolean;
  }[];
}

/** Speaks as much of GitHub's OAuth and REST API as a log-in needs, by its documentation. */
export async function startGitHub(client: { id: string; secret: string }) {
  const accounts = new Map<string, GitHubAccount>();
  const codes = new Map<string, { account: string; challenge: string; redirectUri: string }>();
  const server = createServer(async (request, response) => {
    const json = (value: unknown, status = 200) =>
      response
        .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
        .end(JSON.stringify(value));
    if (request.url === '/login/oauth/access_token') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
      const code = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const isRight =
        code?.challenge === challenge &&
        code.redirectUri === form.get('redirect_uri') &&
        form.get('client_id') === client.id &&
        form.get('client_secret') === client.secret;
      // GitHub responds with 200 to a wrong code.
      if (!isRight)
        return json({ error: 'bad_verification_code', error_description: 'The code is incorrect.' });
      return json({
        access_token: `gho_${code?.account}`,
        token_type: 'bearer',
        scope: 'read:user,user:email',
      });
    }
    const account = accounts.get(request.headers.authorization?.replace(/^Bearer gho_/, '') ?? '');
    if (!account) return json({ message: 'Bad credentials' }, 401);
    if (request.url === '/api/v3/user')
      return json({ id: account.id, login: account.login, name: account.name });
    if (request.url === '/api/v3/user/emails') return json(account.emails);
    return json({ message: 'Not Found' }, 404);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ url, accounts },
    /** Logs in as this account; returns the address of the callback page. */
    answer: (authorizationUrl: string, account: string): URL => {
      const { pathname, searchParams } = new URL(authorizationUrl);
      if (pathname !== '/login/oauth/authorize') throw new Error(`GitHub has no page ${pathname}`);
      const redirectUri = searchParams.get('redirect_uri') ?? '';
      const code = `code${codes.size}${account}`;
      codes.set(code, { account, challenge: searchParams.get('code_challenge') ?? '', redirectUri });
      const back = new URL(redirectUri);
      back.searchParams.set('code', code);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      return back;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
