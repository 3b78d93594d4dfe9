import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineEvent, defineRequest, SERVICES } from './define-contract.ts';
import { EVENTS, REQUESTS } from './registry.ts';

describe('defineRequest', () => {
  it('takes the owner from the subject', () => {
    const contract = defineRequest({
      subject: 'rpc.billing.credit-note.create',
      summary: 'x',
      input: z.object({}),
      output: z.object({}),
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
    expect(() => defineRequest({ subject, summary: 'x', input: z.object({}), output: z.object({}) })).toThrow(
      /subject/,
    );
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

describe('the registry', () => {
  it('holds each subject once', () => {
    const subjects = [...REQUESTS, ...EVENTS].map((contract) => contract.subject);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(subjects.length).toBeGreaterThan(20);
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
