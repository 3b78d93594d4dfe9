import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { renderList, renderMessage } from './mail-page.ts';
import type { MailStore, StoredMail } from './mail-store.ts';

const hash = (text: string) => createHash('sha256').update(text).digest();

/**
 * The mail page: `/`, `/messages/<id>`, `/messages/<id>.eml`, the list as JSON at `/messages`, `/livez`; and
 * `POST /sms` with the token, which stores an SMS that is not sent.
 */
export function createMailServer(store: MailStore, smsToken: string): Server {
  const server = createServer((request, response) => {
    respond(store, hash(`Bearer ${smsToken}`), request, response).catch((error: unknown) => {
      send(response, 500, error instanceof Error ? error.message : 'failed');
    });
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  server.maxConnections = 64;
  return server;
}

async function respond(
  store: MailStore,
  tokenHash: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
) {
  // Without this check, a name that points to 127.0.0.1 would let a foreign page read the mail (DNS
  // rebinding).
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) {
    return send(response, 403, 'only as 127.0.0.1 or localhost');
  }
  const path = request.url?.split('?')[0] ?? '/';
  if (request.method === 'POST' && path === '/sms') return addSms(store, tokenHash, request, response);
  if (request.method !== 'GET') return send(response, 405, 'GET only');
  if (path === '/livez') return send(response, 200, 'ok');
  if (path === '/') return send(response, 200, renderList(store.list()), 'text/html');
  if (path === '/messages')
    return send(response, 200, JSON.stringify({ data: store.list() }), 'application/json');
  const [, id, raw] = /^\/messages\/([0-9TZa-f-]+)(\.eml)?$/.exec(path) ?? [];
  const email = id && raw ? store.raw(id) : null;
  if (email) return send(response, 200, email);
  const message = id && !raw ? store.find(id) : null;
  if (message) return send(response, 200, renderMessage(message), 'text/html');
  return send(response, 404, 'no such message');
}

async function addSms(
  store: MailStore,
  tokenHash: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
) {
  if (!timingSafeEqual(hash(request.headers.authorization ?? ''), tokenHash)) {
    return send(response, 401, 'the token is missing or wrong');
  }
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > 65_536) return send(response, 413, 'too long');
  }
  const sms = readSms(body);
  if (!sms) return send(response, 400, 'send { "to": ["+49…"], "text": "…", "from": "…" }');
  const kept: StoredMail = store.addSms(sms);
  return send(response, 201, JSON.stringify(kept), 'application/json');
}

function readSms(body: string): { from: string; to: string[]; text: string } | null {
  try {
    const { from = '', to, text } = JSON.parse(body);
    const numbers: unknown[] = [to].flat();
    const valid = typeof text === 'string' && typeof from === 'string' && numbers.length > 0;
    return valid && numbers.every((each) => typeof each === 'string')
      ? { from, to: numbers as string[], text }
      : null;
  } catch {
    return null;
  }
}

function send(response: ServerResponse, status: number, body: string | Buffer, type = 'text/plain'): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(body);
}
