import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REQUESTS } from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { FakeServices } from './fake-services.ts';
import { type GatewayUnderTest, startGateway } from './gateway-under-test.ts';

interface Operation {
  operationId: string;
  security: Record<string, unknown>[];
  responses: Record<
    string,
    {
      content?: Record<string, { schema: object; examples?: Record<string, { value: object }> }>;
      headers?: Record<string, object>;
    }
  >;
  parameters: { name: string; in: string }[];
  requestBody?: { content: { 'application/json': { schema: object } } };
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, object>;
    parameters: Record<string, { schema: { enum?: string[] } }>;
  };
}

describe('the documents', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  let document: Document;
  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats({ withPermissions: true }), startRedis()]);
    services = await FakeServices.start(nats);
    gateway = await startGateway({ nats, redisUrl: redis.url });
    document = (await (await gateway.fetch('/openapi.json')).json()) as Document;
  });
  afterAll(async () => {
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
  });
  const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path));

  it('are OpenAPI 3.1', async () => {
    expect(document.openapi).toBe('3.1.0');
    const result = await new Validator().validate(structuredClone(document) as never);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('equal those that the build of the console prints without a gateway', () => {
    const script = join(import.meta.dirname, '..', 'src', 'openapi', 'print-openapi.ts');
    const { version } = (document as unknown as { info: { version: string } }).info;
    const printed = spawnSync(process.execPath, ['--conditions=source', '--no-warnings', script, version], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    expect(printed.stderr).toBe('');
    const { paths } = JSON.parse(printed.stdout) as Document;
    expect(paths).toEqual(document.paths);
    expect(JSON.parse(printed.stdout).components).toEqual(document.components);
  });

  it('have no dangling references', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      (match) => match[1] as string,
    );
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      const target = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);
      expect({ reference, found: target !== undefined }).toEqual({ reference, found: true });
    }
  });

  it('have schemas that a validator compiles, and examples that satisfy them', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'document');
    for (const name of Object.keys(document.components.schemas))
      expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` })).not.toThrow();
    const isProblem = ajv.compile({ $ref: 'document#/components/schemas/Problem' });
    for (const { responses } of operations()) {
      for (const { content } of Object.values(responses)) {
        for (const { value } of Object.values(content?.['application/problem+json']?.examples ?? {}))
          expect({ value, valid: isProblem(value) }).toEqual({ value, valid: true });
      }
    }
  });

  it('name every error of a contract, and give each operation its own id', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const transition = document.paths['/v1/tickets/{id}']?.patch as Operation;
    const codes = Object.values(transition.responses).flatMap(({ content }) =>
      Object.keys(content?.['application/problem+json']?.examples ?? {}),
    );
    expect(codes).toEqual(
      expect.arrayContaining([
        'SUPPORT.TICKET_NOT_FOUND',
        'SUPPORT.TICKET_TRANSITION_FORBIDDEN',
        'GATEWAY.QUOTA_EXCEEDED',
        'PLATFORM.UNAVAILABLE',
      ]),
    );
    expect(transition.security).toEqual([
      { session: [] },
      { browser_session: [] },
      { api_key: ['tickets:write'] },
      { oauth2: ['tickets:write'] },
    ]);
  });

  it('show members that the gateway fills in as parameters or not at all, never in bodies', () => {
    const open = document.paths['/v1/tickets']?.post as Operation;
    expect(open.parameters).toEqual([
      { $ref: '#/components/parameters/Portal-Version' },
      expect.objectContaining({ name: 'Idempotency-Key', in: 'header' }),
    ]);
    const offers = operations()
      .filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'))
      .map(({ operationId }) => operationId);
    expect(offers.sort()).toEqual([
      'addDomain',
      'approveIndex',
      'cancelSubscription',
      'changeSubscription',
      'createApiKey',
      'createApplication',
      'createExplorerKey',
      'createInvitation',
      'createMembership',
      'createPause',
      'createPlanVersion',
      'createRole',
      'createScimToken',
      'createSsoConnection',
      'decideVerdict',
      'discardDeadLetter',
      'discardDeadLetters',
      'dismissIndex',
      'dropIndex',
      'grantCredit',
      'grantSupportAccess',
      'importApiKeys',
      'invitePlatformPerson',
      'issueCreditNote',
      'openTicket',
      'orderTopUp',
      'pauseSubscription',
      'payInvoice',
      'publishPlanVersion',
      'recordTransfer',
      'refundPayment',
      'registerPartner',
      'replayDeadLetter',
      'replayDeadLetters',
      'resumePartner',
      'resumeSubscription',
      'retirePlanVersion',
      'rotateApiKey',
      'rotateApplicationSecret',
      'rotateSigningKeys',
      'suspendPartner',
      'transitionTicket',
      'voidCreditGrant',
      'voidInvoice',
    ]);
    for (const { operationId, responses } of operations())
      expect({ operationId, refused: 422 in responses }).toEqual({
        operationId,
        refused: offers.includes(operationId),
      });
    const login = document.paths['/v1/sessions']?.post as Operation;
    expect(JSON.stringify(login.requestBody)).not.toContain('client_ip');
  });

  it('offer the known versions everywhere, and links where there are pages', () => {
    expect(document.components.parameters['Portal-Version']?.schema.enum).toEqual(['2026-11-01']);
    for (const { parameters } of operations())
      expect(parameters).toContainEqual({ $ref: '#/components/parameters/Portal-Version' });
    const headersOf = (path: string) => Object.keys(document.paths[path]?.get?.responses[200]?.headers ?? {});
    for (const path of ['/v1/tickets', '/v1/api-keys', '/v1/admin/incidents'])
      expect(headersOf(path)).toContain('Link');
    expect(headersOf('/v1/plans')).not.toContain('Link');
  });

  it('include every request that the gateway may send', () => {
    const inside = [
      'rpc.auth.credential.verify',
      'rpc.billing.entitlements.get',
      'rpc.auth.leaked-key.report',
      'rpc.auth.oauth.exchange',
      // Behind pages of the gateway.
      'rpc.auth.saml-response.receive',
      'rpc.auth.saml-metadata.get',
      'rpc.billing.provider-event.receive',
    ];
    const described = new Set(operations().map(({ operationId }) => operationId.toLowerCase()));
    const callable = REQUESTS.filter(
      ({ callers, subject, permission }) =>
        callers.includes('gateway') && !inside.includes(subject) && permission !== 'scim:provision',
    );
    // And the two streams of events.
    expect(described.size).toBe(callable.length + 2);
  });

  it('describe every event as AsyncAPI 3.1', async () => {
    const text = await (await gateway.fetch('/asyncapi.json')).text();
    const asyncApi = JSON.parse(text) as { asyncapi: string; channels: Record<string, { address: string }> };
    expect(asyncApi.asyncapi).toBe('3.1.0');
    expect(Object.values(asyncApi.channels).map(({ address }) => address)).toContain(
      'event.gateway.usage.recorded',
    );
    for (const [, reference] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = (reference as string)
        .split('/')
        .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], asyncApi);
      expect({ reference, found: target !== undefined }).toEqual({ reference, found: true });
    }
  });

  it('explain every type of problem', async () => {
    const known = await gateway.fetch('/problems/SUPPORT.TICKET_NOT_FOUND');
    expect(await known.json()).toMatchObject({ status: 404, retryable: false });
    expect(known.headers.get('vary')).toBe('accept, accept-encoding');
    expect((await gateway.fetch('/problems/NO.SUCH_CODE')).status).toBe(404);
  });

  it('explain a problem to a person, too', async () => {
    const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
    const page = await gateway.fetch('/problems/SUPPORT.TICKET_NOT_FOUND', { headers: browser });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await page.text()).toContain('<code>SUPPORT.TICKET_NOT_FOUND</code> has the HTTP status 404');
    expect((await gateway.fetch('/problems/NO.SUCH_CODE', { headers: browser })).status).toBe(404);
  });
});
