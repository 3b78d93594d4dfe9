import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One exported span. Its trace follows from `parentSpanId`, which a root does not have. */
export interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** `service.name` of the resource. */
  readonly service: string;
}

export interface SpanCollector {
  /** The `OTEL_*` variables of a process that exports to this collector. */
  readonly environment: Readonly<Record<string, string>>;
  readonly spans: ExportedSpan[];
  stop(): Promise<void>;
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ExportedSpan, 'attributes' | 'service'> & {
        attributes: OtlpAttribute[];
      })[];
    }[];
  }[];
}

/** The part of an OpenTelemetry collector that receives spans, as OTLP/HTTP with JSON on `/v1/traces`. */
export async function startSpanCollector(): Promise<SpanCollector> {
  const spans: ExportedSpan[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.url !== '/v1/traces') return response.writeHead(404).end();
    for (const { resource, scopeSpans } of (JSON.parse(body) as OtlpTraces).resourceSpans) {
      const service = String(Object.fromEntries(resource.attributes.map(plain))['service.name']);
      for (const scope of scopeSpans)
        for (const { attributes, ...span } of scope.spans)
          spans.push({ ...span, service, attributes: Object.fromEntries(attributes.map(plain)) });
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    },
    spans,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** `{ key: 'a', value: { stringValue: 'b' } }` -> `['a', 'b']` */
const plain = ({ key, value }: OtlpAttribute): [string, unknown] => [key, Object.values(value)[0]];
