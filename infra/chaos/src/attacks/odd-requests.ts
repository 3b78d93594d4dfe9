import { connect } from 'node:net';
import type { Attack, AttackContext } from './attack.ts';

const TIMEOUT_MS = 5000;
const FUZZED = 2000;
const PARALLEL = 16;

/** Request heads with unusual spellings or nonsense. The response may be anything but a 5xx. */
const ODD_HEADS = [
  'GET /%6Civez HTTP/1.1',
  'GET /liv%65z HTTP/1.1',
  'GET /me%74rics HTTP/1.1',
  'GET /%68ealth HTTP/1.1',
  'GET http://127.0.0.1/livez HTTP/1.1',
  'GET http://127.0.0.1/v1/plans HTTP/1.1',
  'GET /livez#frag HTTP/1.1',
  'GET /livez?%00 HTTP/1.1',
  'GET //livez HTTP/1.1',
  'GET /v1/../livez HTTP/1.1',
  'GET /v1/%2e%2e/livez HTTP/1.1',
  'GET /v1/tickets/%E2%82 HTTP/1.1',
  'GET /v1/tickets/%00 HTTP/1.1',
  `GET /v1/tickets/${'%E2%82%AC'.repeat(700)} HTTP/1.1`,
  'OPTIONS * HTTP/1.1',
  'BREW /livez HTTP/1.1',
  'POST /v1/sessions HTTP/1.1\r\nExpect: something-else\r\nContent-Length: 0',
  'POST /v1/sessions HTTP/1.1\r\nTransfer-Encoding: gzip, chunked',
  'DELETE /v1/api-keys/key_x HTTP/1.1\r\nContent-Type: application/json',
];

export const oddRequests: Attack = {
  name: 'odd-requests',
  does: `${ODD_HEADS.length} addresses and heads that are written otherwise, and ${FUZZED} random requests`,
  async run(context) {
    const counts = new Map<string, number>();
    const problems: string[] = [];
    const check = async (head: string, rest: string) => {
      const status = await statusOf(context, `${head}\r\nHost: x\r\nConnection: close\r\n${rest}`);
      counts.set(status, (counts.get(status) ?? 0) + 1);
      if (status.startsWith('5') && status !== '501' && status !== '503' && status !== '505')
        problems.push(`${status} for ${head.slice(0, 120)}`);
    };
    for (const head of ODD_HEADS) await check(head, '\r\n');
    const paths = await pathsOf(context);
    for (let sent = 0; sent < FUZZED; sent += PARALLEL)
      await Promise.all(
        Array.from({ length: PARALLEL }, () => {
          const { head, rest } = randomRequest(context, paths);
          return check(head, rest);
        }),
      );
    const facts = { responses: [...counts].map(([status, count]) => `${count} x ${status}`).join(', ') };
    return { problems: problems.slice(0, 20), facts };
  },
};

async function pathsOf({ host, port }: AttackContext): Promise<string[]> {
  const response = await fetch(`http://${host}:${port}/openapi.json`);
  const document = (await response.json()) as { paths: Record<string, unknown> };
  return Object.keys(document.paths);
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];
const WORDS = [
  '',
  '0',
  '-1',
  'null',
  "'",
  '%',
  '%00',
  '../..',
  'tic_0000000000000000000000',
  '€'.repeat(40),
  '{}',
  '*',
  '>',
];
const BODIES = [
  '',
  '{',
  '{}',
  '[]',
  'null',
  '"x"',
  '1e999',
  '{"__proto__":{"x":1}}',
  '{"email":[],"password":{}}',
  '{"a":'.repeat(500),
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  '',
];

function randomRequest({ random, attackerKey }: AttackContext, paths: readonly string[]) {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const path = pick(paths).replaceAll(/\{\w+\}/g, () => encodeURIComponent(pick(WORDS)) || 'x');
  const query =
    random() < 0.5
      ? `?${pick(['limit', 'from', 'starting_after', 'x', 'x[y]'])}=${encodeURIComponent(pick(WORDS))}`
      : '';
  const body = pick(BODIES);
  const type = pick(TYPES);
  const rest = [
    ...(random() < 0.7 ? [`Authorization: Bearer ${random() < 0.8 ? attackerKey : pick(WORDS)}`] : []),
    ...(type ? [`Content-Type: ${type}`] : []),
    ...(random() < 0.2 ? [`Idempotency-Key: ${pick(['x', '"', 'x'.repeat(300)])}`] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return { head: `${pick(METHODS)} ${path}${query} HTTP/1.1`, rest: `${rest.join('\r\n')}\r\n\r\n${body}` };
}

/** The status of the response to these bytes, `closed` without one, `timeout` when neither comes. */
function statusOf({ host, port, from }: AttackContext, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let head = '';
    const socket = connect({ port, host, localAddress: from }, () => socket.write(bytes));
    socket.setTimeout(TIMEOUT_MS, () => {
      resolve('timeout');
      socket.destroy();
    });
    socket.on('data', (data) => {
      head += head.length < 100 ? data.toString('latin1') : '';
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 'closed'));
  });
}
