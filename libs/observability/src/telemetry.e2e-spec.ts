import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type SpanCollector, startSpanCollector } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CollectedExport, startGrpcCollector, startRawCollector } from '../test/raw-collectors.ts';
import { traceIdOf } from './traceparent.ts';

const run = promisify(execFile);
const fixture = (name: string): string => fileURLToPath(new URL(`../test/fixtures/${name}`, import.meta.url));
/** The limit for several processes that load the SDK, on a busy machine. */
const SLOW_MS = 90_000;
const GIVEN = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** Runs a process of a made-up service, traced as these variables say. */
async function traced(args: string[], environment: Readonly<Record<string, string>>, flags: string[] = []) {
  const { stdout, stderr } = await run(
    process.execPath,
    ['--conditions=source', '--no-warnings', ...flags, fixture('traced.ts'), ...args],
    { env: { PATH: process.env.PATH, ...environment } },
  );
  const line = stdout.split('\n').find((one) => one.startsWith('{"handedOn"'));
  const said = JSON.parse(line ?? 'null') as { handedOn: string; exporting: boolean };
  return { ...said, stdout, stderr };
}

describe('startTelemetry', () => {
  let collector: SpanCollector;

  beforeAll(async () => {
    collector = await startSpanCollector();
  });
  afterAll(() => collector.stop());
  beforeEach(() => {
    collector.spans.length = 0;
  });

  it(
    'exports one trace that runs through processes',
    async () => {
      const first = await traced(['monitor'], collector.environment);
      const second = await traced(['healer', first.handedOn], collector.environment);
      expect([first.exporting, first.stderr]).toEqual([true, '']);
      const { spans } = collector;
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
      expect(healer).toMatchObject({ kind: 5 }); // consumer
      expect(healer.attributes).toEqual({ 'incident.id': 'inc_1', decided_by: 'playbook' });
    },
    SLOW_MS,
  );

  it('records a thrown error without its secret', async () => {
    await traced(['healer'], collector.environment);
    const act = collector.spans.find((span) => span.name === 'act')!;
    expect(act).toMatchObject({
      status: { code: 2, message: 'restart refused for postgres://healer:[redacted]@db' },
    });
    expect(JSON.stringify(act)).not.toContain('hunter2');
  });

  it.each([
    [{}, false],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'a=b', OTEL_TRACES_SAMPLER: 'always_on' }, false],
    [{ OTEL_TRACES_EXPORTER: 'console' }, true],
  ])('loads the SDK only when an exporter is configured: %j', async (environment, isLoaded) => {
    const flags = ['--import', fixture('record-modules.ts')];
    const { stderr, exporting, handedOn } = await traced(['healer', GIVEN], environment, flags);
    const packages = stderr.trim().split('\n');
    expect(packages).toContain('pino'); // otherwise nothing was recorded
    expect(packages.includes('@opentelemetry/sdk-node')).toBe(isLoaded);
    expect(packages.some((name) => name.startsWith('@opentelemetry/'))).toBe(isLoaded);
    expect(exporting).toBe(isLoaded);
    expect(traceIdOf(handedOn)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('respects the sampler, and passes its decision on', async () => {
    const { handedOn } = await traced(['healer'], {
      ...collector.environment,
      OTEL_TRACES_SAMPLER: 'always_off',
    });
    expect(handedOn).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00$/);
    expect(collector.spans).toEqual([]);
  });

  it('passes the trace on when the variables leave no exporter', async () => {
    const { handedOn, exporting } = await traced(['healer', GIVEN], {
      OTEL_CONFIG_FILE: '/nowhere/otel.yaml',
    });
    expect(exporting).toBe(false);
    expect(traceIdOf(handedOn)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('prints spans with the console exporter', async () => {
    const { stdout } = await traced(['healer'], { OTEL_TRACES_EXPORTER: 'console' });
    expect(stdout).toContain("name: 'healer observes'");
    expect(stdout).not.toContain('hunter2');
  });

  it.each([
    ['protobuf over HTTP, which is the default', startRawCollector, {}, 'application/x-protobuf'],
    ['gRPC', startGrpcCollector, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'application/grpc'],
  ])('speaks %s', async (_what, start, environment, contentType) => {
    const exports: CollectedExport[] = [];
    const server = await start((one) => exports.push(one));
    try {
      await traced(['healer'], {
        ...environment,
        OTEL_EXPORTER_OTLP_ENDPOINT: server.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-a-test',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging,service.name=other',
      });
    } finally {
      await server.stop();
    }
    const sent = Buffer.concat(exports.map(({ body }) => body)).toString('latin1');
    for (const part of ['healer observes', 'act', 'gridworks', 'staging']) expect(sent).toContain(part);
    for (const part of ['hunter2', 'other']) expect(sent).not.toContain(part);
    expect(exports[0]?.headers).toMatchObject({
      'content-type': contentType,
      authorization: 'Bearer of-a-test',
    });
  });

  it(
    'does not delay the process when the collector hangs or is away',
    async () => {
      const hanging = await startRawCollector(() => 'hang');
      // The exporter itself would wait for longer than the time limit of this test.
      const longTimeouts = { OTEL_EXPORTER_OTLP_TIMEOUT: '600000', OTEL_BSP_EXPORT_TIMEOUT: '600000' };
      for (const url of [hanging.url, 'http://127.0.0.1:1']) {
        const { exporting } = await traced(['healer'], { ...longTimeouts, OTEL_EXPORTER_OTLP_ENDPOINT: url });
        expect(exporting).toBe(true);
      }
      await hanging.stop();
    },
    SLOW_MS,
  );
});
