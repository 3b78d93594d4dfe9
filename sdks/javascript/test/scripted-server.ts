import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
export type Step = (response: ServerResponse, request: SeenRequest) => void;

/** A real HTTP server that runs one step for each request; the last step serves all further requests. */
export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  readonly requests: SeenRequest[];
  /** The largest number of requests that were open at the same time. */
  mostAtOnce(): number;
  stop(): Promise<void>;
}

export async function scriptedServer(...steps: Step[]): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    most = Math.max(most, ++open);
    response.on('close', () => open--);
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      const step = steps[Math.min(requests.length, steps.length - 1)]!;
      requests.push(seen);
      step(response, seen);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    mostAtOnce: () => most,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Step =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_1', ...headers });
    response.end(JSON.stringify(body));
  };

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Step =>
  json(
    status,
    { title: 'No', detail: `it is ${code}`, code, request_id: 'req_2', status },
    { ...headers, 'content-type': 'application/problem+json' },
  );
