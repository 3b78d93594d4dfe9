import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';

/** The content of one export. */
export interface CollectedExport {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RawCollector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Called for each export. `hang`: the export gets no response. */
export type OnExport = (collected: CollectedExport) => unknown;

/** Accepts OTLP/HTTP exports of any encoding on `/v1/traces` and keeps their bytes. */
export async function startRawCollector(onExport: OnExport): Promise<RawCollector> {
  const server = createServer(async (request, response) => {
    const body = await read(request);
    if (request.url !== '/v1/traces') response.writeHead(404).end();
    else if (onExport({ headers: request.headers, body }) !== 'hang') response.end();
  });
  return listening(server);
}

/** Accepts OTLP/gRPC exports of traces and keeps their bytes. */
export async function startGrpcCollector(onExport: OnExport): Promise<RawCollector> {
  const server = createHttp2Server();
  server.on('stream', async (stream, headers) => {
    const body = await read(stream);
    if (headers[':path'] !== '/opentelemetry.proto.collector.trace.v1.TraceService/Export') {
      stream.respond({ ':status': 404 }, { endStream: true });
      return;
    }
    onExport({ headers: headers as IncomingHttpHeaders, body });
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5)); // an empty message
  });
  return listening(server);
}

async function read(source: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function listening(
  server: ReturnType<typeof createServer> | ReturnType<typeof createHttp2Server>,
): Promise<RawCollector> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
