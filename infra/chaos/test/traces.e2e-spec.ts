import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SERVICES } from '@gridworks/contracts';
import { type ExportedSpan, eventually, type SpanCollector, startSpanCollector } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUnderTest } from './portal-under-test.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const LONG_MS = 180_000;

describe('the traces of the running portal', () => {
  let collector: SpanCollector;
  let portal: PortalUnderTest;

  beforeAll(async () => {
    collector = await startSpanCollector();
    portal = await PortalUnderTest.start({ ...collector.environment });
  }, LONG_MS);
  afterAll(async () => {
    await portal?.stop();
    await collector.stop();
  }, LONG_MS);

  it('shows one request through the gateway, auth and billing in one trace', async () => {
    const [key] = (await portal.partner()).keys;
    const traceId = 'a1'.repeat(16);
    const response = await fetch(`${portal.system.url}/v1/usage`, {
      headers: { authorization: `Bearer ${String(key)}`, traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    expect(response.status).toBe(200);
    const spanOf = (service: string): ExportedSpan => {
      const found = collector.spans.filter((span) => span.traceId === traceId && span.service === service);
      expect(found.map(({ name }) => name)).toHaveLength(1);
      return found[0] as ExportedSpan;
    };
    await eventually(() => ['gateway', 'auth', 'billing'].map(spanOf), { timeoutMs: 30_000, everyMs: 200 });
    const gateway = spanOf('gateway');
    expect(gateway).toMatchObject({
      name: 'GET /v1/usage',
      kind: 2, // server
      parentSpanId: '00f067aa0ba902b7',
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/v1/usage',
        'http.response.status_code': 200,
      },
    });
    expect(spanOf('auth')).toMatchObject({
      name: 'rpc.auth.credential.verify',
      parentSpanId: gateway.spanId,
    });
    expect(spanOf('billing')).toMatchObject({ name: 'rpc.billing.usage.get', parentSpanId: gateway.spanId });
    expect(JSON.stringify(collector.spans)).not.toContain(key);
  });

  // Built by the portal above. The environment is incomplete, so a service ends once it has loaded all of its modules.
  it.each(SERVICES)(
    'does not make %s load the OpenTelemetry SDK where none is configured',
    async (service) => {
      const recorder = './libs/observability/test/fixtures/record-modules.ts';
      const ended = await promisify(execFile)(
        process.execPath,
        ['--no-warnings', '--import', recorder, `services/${service}/dist/src/main.js`],
        { cwd: root, env: { PATH: process.env.PATH } },
      ).catch((error: { code: number; stderr: string }) => error);
      expect(ended).toMatchObject({ code: 78 });
      const packages = ended.stderr.split('\n');
      expect(packages).toContain('@nestjs/core'); // else nothing was recorded
      expect(packages.filter((name) => /^@opentelemetry\/(?!api$)/.test(name))).toEqual([]);
    },
    LONG_MS,
  );
});
