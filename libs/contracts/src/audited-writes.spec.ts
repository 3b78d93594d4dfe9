import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { auditedAs } from './contract/audit-declaration.ts';
import { defineRequest } from './contract/define-contract.ts';
import { PUBLIC_REQUESTS } from './registry.ts';

describe('a write of the public API', () => {
  const writes = PUBLIC_REQUESTS.filter(({ http }) => http.method !== 'GET');

  it.each(writes.map((contract) => [`${contract.http.method} ${contract.http.path}`, contract] as const))(
    '%s declares its audit entry, or why it leaves none',
    (_, { audit }) => {
      expect(audit).toBeDefined();
      if (audit && 'none' in audit) expect(audit.none.length).toBeGreaterThan(10);
    },
  );

  it('is the only kind of request that leaves an entry', () => {
    expect(PUBLIC_REQUESTS.filter(({ http, audit }) => http.method === 'GET' && audit)).toEqual([]);
  });

  it('names only refusals that it can end with', () => {
    for (const contract of writes) {
      const codes = contract.errors.map(({ code }) => code);
      expect(codes).toEqual(expect.arrayContaining([...(auditedAs(contract)?.refusals ?? [])]));
    }
  });

  it('cannot show a member that its input does not have', () => {
    const define = (audit: Parameters<typeof defineRequest>[0]['audit']) =>
      defineRequest({
        subject: 'rpc.auth.thing.change',
        summary: 'Change a thing',
        permission: 'internal',
        input: z.strictObject({ id: z.string() }),
        output: z.object({}),
        ...(audit && { audit }),
      });
    expect(() => define({ action: 'user.changed', object: 'input.id', shows: ['name'] })).toThrow(
      /names name/,
    );
    expect(() => define({ action: 'user.changed', object: 'input.name' })).toThrow(/names name/);
    expect(define({ action: 'user.changed', object: 'input.id' }).audit).toBeDefined();
  });
});
