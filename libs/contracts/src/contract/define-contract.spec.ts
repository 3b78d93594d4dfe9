import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { assertDistinct, EVENTS, PUBLIC_REQUESTS, REQUESTS } from '../registry.ts';
import { consumerOf, defineEvent, defineRequest, SERVICES, type ServiceName } from './define-contract.ts';
import type { HttpFace } from './http-face.ts';
import { listOf } from './list.ts';

describe('defineRequest', () => {
  it('takes the owner from the subject', () => {
    const contract = defineRequest({
      subject: 'rpc.billing.credit-note.create',
      summary: 'x',
      input: z.object({}),
      output: z.object({}),
      permission: 'internal',
    });
    expect(contract.owner).toBe('billing');
    expect(contract.repeatable).toBe(false);
  });

  it.each([
    'rpc.billing.create',
    'rpc.nobody.invoice.create',
    'event.billing.invoice.create',
    'rpc.billing.*.create',
    'rpc.billing.invoice.>',
    'rpc.billing.invoice.create.extra',
    'rpc.billing.Invoice.create',
    'rpc.billing. invoice.create',
  ])('refuses the subject %s', (subject) => {
    expect(() =>
      defineRequest({
        subject,
        summary: 'x',
        input: z.object({}),
        output: z.object({}),
        permission: 'internal',
      }),
    ).toThrow(/subject/);
  });
});

describe('the HTTP face', () => {
  const thing = { subject: 'rpc.billing.thing.get', summary: 'x', output: z.object({}) };
  const face = { method: 'GET', path: '/v1/things/:id', status: 200 } as const;
  const withFace = (http: Partial<HttpFace>, more: { callers?: ServiceName[] } = {}) =>
    defineRequest({
      ...thing,
      input: z.object({ id: z.string() }),
      http: { ...face, ...http },
      permission: 'plans:read',
      ...more,
    });

  it('needs a permission, and not the internal one', () => {
    // @ts-expect-error without a permission it must not typecheck
    defineRequest({ ...thing, input: z.object({ id: z.string() }), http: face });
    // @ts-expect-error a public face that only services may ask is none
    defineRequest({ ...thing, input: z.object({ id: z.string() }), http: face, permission: 'internal' });
    // @ts-expect-error there is no such permission
    defineRequest({ ...thing, input: z.object({}), permission: 'things:read' });
    expect(withFace({}).permission).toBe('plans:read');
  });

  it.each<Partial<HttpFace>>([
    { path: '/v1/things/:name' },
    { path: 'v1/things/:id' },
    { path: '/v1//:id' },
    { path: '/v1/:id/' },
    { status: 404 },
    { addressMember: 'client_ip' },
    { idempotent: true },
  ])('is refused when it does not fit the input: %j', (http) => {
    expect(() => withFace(http)).toThrow(/rpc\.billing\.thing\.get/);
  });

  it('is refused for a request that the gateway may not send', () => {
    expect(() => withFace({}, { callers: ['healer'] })).toThrow(/gateway/);
  });

  it('belongs to one request only, whatever the names of its parameters', () => {
    const first = withFace({});
    const other = defineRequest({
      ...thing,
      subject: 'rpc.billing.thing.read',
      input: z.object({ name: z.string() }),
      http: { ...face, path: '/v1/things/:name' },
      permission: 'public',
    });
    expect(() => assertDistinct([first, other])).toThrow(/GET \/v1\/things\/: is claimed by/);
    expect(() => assertDistinct([first, first])).toThrow(/rpc\.billing\.thing\.get is claimed/);
    expect(() => assertDistinct([first, { ...other, http: { ...other.http, method: 'PUT' } }])).not.toThrow();
  });

  it('gives a list its url', () => {
    const { output } = defineRequest({
      ...thing,
      input: z.object({}),
      output: listOf(z.object({ id: z.string() })),
      http: { ...face, path: '/v1/things' },
      permission: 'public',
    });
    const page = { object: 'list', url: '/v1/things', has_more: false, data: [] };
    expect(output.safeParse(page).success).toBe(true);
    expect(output.safeParse({ ...page, url: '/v1/others' }).success).toBe(false);
  });
});

describe('defineEvent', () => {
  it.each(['billing-record', 'nobody_record', 'billing_', 'billing_*'])(
    'refuses the consumer %s',
    (consumer) => {
      expect(() =>
        defineEvent({
          subject: 'event.auth.partner.registered',
          summary: 'x',
          payload: z.object({}),
          consumers: [consumer],
        }),
      ).toThrow(/consumer/);
    },
  );
});

describe('the consumer of an event', () => {
  const event = (...consumers: string[]) =>
    defineEvent({ subject: 'event.auth.partner.registered', summary: 'x', payload: z.object({}), consumers });

  it('is the one that its contract names', () => {
    expect(consumerOf(event('billing_open-account'))).toBe('billing_open-account');
    expect(() => consumerOf(event())).toThrow('has no durable consumer');
    expect(() => consumerOf(event('billing_open-account', 'support_greet'))).toThrow(
      'has 2 durable consumers: name one',
    );
    const two = event('billing_open-account', 'support_greet');
    expect(consumerOf(two, 'support_greet')).toBe('support_greet');
    expect(() => consumerOf(two, 'auth_greet')).toThrow('has no durable consumer auth_greet');
  });
});

describe('the registry', () => {
  it('has each subject once', () => {
    const subjects = [...REQUESTS, ...EVENTS].map((contract) => contract.subject);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(subjects.length).toBeGreaterThan(20);
  });

  it('gives every request without an HTTP face to services or directories only, and every other request a permission', () => {
    expect(PUBLIC_REQUESTS.length).toBeGreaterThan(20);
    for (const request of REQUESTS)
      expect({
        subject: request.subject,
        // The gateway serves the requests of directories at the addresses of SCIM.
        faceless: request.permission === 'internal' || request.permission === 'scim:provision',
      }).toEqual({ subject: request.subject, faceless: request.http === undefined });
  });

  it('names only services that exist, and every consumer once', () => {
    const consumers = EVENTS.flatMap((event) => event.consumers);
    expect(new Set(consumers).size).toBe(consumers.length);
    for (const contract of REQUESTS)
      for (const caller of contract.callers) expect(SERVICES).toContain(caller);
  });

  it('can be written as JSON Schema, every shape of it', () => {
    for (const request of REQUESTS) {
      expect(z.toJSONSchema(request.input, { io: 'input' })).toMatchObject({ type: 'object' });
      expect(z.toJSONSchema(request.output)).toMatchObject({ type: 'object' });
    }
    for (const event of EVENTS) expect(z.toJSONSchema(event.payload)).toMatchObject({ type: 'object' });
  });

  it('gives every error of a request a code of its owner or of the platform', () => {
    for (const request of REQUESTS)
      for (const error of request.errors)
        expect([request.owner.toUpperCase(), 'PLATFORM']).toContain(error.code.split('.')[0]);
  });
});
