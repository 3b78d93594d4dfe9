import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import type { HealthEndpoints } from './health-endpoints.ts';

export interface HealthServer {
  /** The address for other processes: `http://127.0.0.1:41234`. */
  readonly url: string;
  close(): void;
}

const REQUEST_MS = 2000;
const MAX_CONNECTIONS = 64;
const ANY_ADDRESS = ['0.0.0.0', '::'];

/**
 * Serves the health endpoints on a port of their own, by bare `node:http`, as long as the event loop runs.
 */
export async function serveHealth(
  endpoints: HealthEndpoints,
  host: string,
  port: number,
): Promise<HealthServer> {
  const server = createServer(
    {
      requestTimeout: REQUEST_MS,
      headersTimeout: REQUEST_MS,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => {
      request.resume();
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
        return;
      }
      const health = endpoints.serve((request.url ?? '/').split('?', 1)[0]!);
      if (!health) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(health.status, {
        'content-type': health.contentType,
        'content-length': Buffer.byteLength(health.body),
        'cache-control': 'no-store',
      });
      response.end(request.method === 'HEAD' ? undefined : health.body);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  const bound = await listen(server, host, port);
  // In a container the host name that others use; an address that means "all interfaces" is of no use to
  // them.
  const reachable = ANY_ADDRESS.includes(host) ? hostname() : host;
  return {
    url: `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${bound}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
