import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { allowedMs } from '@gridworks/testing/load';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { traceIdOf } from './traceparent.ts';

interface ExportedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: { stringValue?: string } }[];
  status: { code: number; message?: string };
  service: string | undefined;
}

const run = promisify(execFile);
const fixture = fileURLToPath(new URL('../test/fixtures/traced.ts', import.meta.url));

/** The part of an OpenTelemetry collector that takes spans in as OTLP/HTTP with JSON. */
describe('startTelemetry', () => {
  let collector: Server;
  let endpoint: string;
  let spans: ExportedSpan[] = [];
  let hang = false;

  beforeAll(async () => {
    collector = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      if (hang) return;
      expect(request.url).toBe('/v1/traces');
      for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
        const service = resource.attributes.find((one: { key: string }) => one.key === 'service.name')?.value
          .stringValue;
        for (const scope of scopeSpans)
          spans.push(...scope.spans.map((span: ExportedSpan) => ({ ...span, service })));
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
    await new Promise<void>((resolve) => {
      collector.listen(0, '127.0.0.1', resolve);
    });
    endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    collector.closeAllConnections();
    collector.close();
  });
  beforeEach(() => {
    spans = [];
    hang = false;
  });

  async function traced(args: string[], environment: Record<string, string>) {
    const { stdout, stderr } = await run(
      process.execPath,
      ['--conditions=source', '--no-warnings', fixture, ...args],
      { env: { PATH: process.env.PATH, ...environment } },
    );
    expect(stderr).toBe('');
    return JSON.parse(stdout) as { handedOn: string; exporting: boolean };
  }

  it('exports one trace that runs through processes', async () => {
    const first = await traced(['monitor'], { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    const second = await traced(['healer', first.handedOn], { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect(first.exporting).toBe(true);
    expect(spans).toHaveLength(4);
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
    expect(traceIdOf(second.handedOn)).toBe(spans[0]?.traceId);
    const find = (service: string, name: string) =>
      spans.find((span) => span.service === service && span.name === name)!;
    const root = find('monitor', 'monitor observes');
    const act = find('monitor', 'act');
    const healer = find('healer', 'healer observes');
    expect(root.parentSpanId ?? '').toBe('');
    expect(act.parentSpanId).toBe(root.spanId);
    expect(healer.parentSpanId).toBe(act.spanId);
    expect(healer.kind).toBe(5); // consumer
    expect(healer.attributes).toEqual(
      expect.arrayContaining([
        { key: 'incident.id', value: { stringValue: 'inc_1' } },
        { key: 'decided_by', value: { stringValue: 'playbook' } },
      ]),
    );
  });

  it('notes what was thrown, without the secret in it', async () => {
    await traced(['healer'], { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    const act = spans.find((span) => span.name === 'act')!;
    expect(act.status).toMatchObject({
      code: 2,
      message: 'restart refused for postgres://healer:[redacted]@db',
    });
    expect(JSON.stringify(act)).not.toContain('hunter2');
  });

  it('carries the same trace when nothing is exported', async () => {
    const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { handedOn, exporting } = await traced(['healer', given], {});
    expect(exporting).toBe(false);
    expect(traceIdOf(handedOn)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(spans).toHaveLength(0);
  });

  it('does not hold the process up when the collector hangs or is away', async () => {
    hang = true;
    const started = performance.now();
    await traced(['healer'], { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    await traced(['healer'], { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    expect(performance.now() - started).toBeLessThan(allowedMs(8000));
  });
});
