import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instanceRequest } from '../instance/instance.contracts.ts';
import { ID_PREFIXES, type IdKind, idSchema, newId, processNameSchema } from './identifiers.ts';

const kinds = Object.keys(ID_PREFIXES) as IdKind[];

describe('newId', () => {
  it.each(kinds)('makes a %s id that its own schema accepts and no other kind does', (kind) => {
    const id = newId(kind);
    expect(idSchema(kind).safeParse(id).success).toBe(true);
    for (const other of kinds) if (other !== kind) expect(idSchema(other).safeParse(id).success).toBe(false);
  });

  it('sorts by age, to the millisecond', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 45 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        (time, later) => {
          expect(newId('ticket', time) < newId('ticket', time + later)).toBe(true);
        },
      ),
    );
  });

  it('never repeats, even in one millisecond', () => {
    const ids = new Set(Array.from({ length: 50_000 }, () => newId('usage', 1)));
    expect(ids.size).toBe(50_000);
  });
});

describe('texts that become part of a subject', () => {
  it.each(['*', '>', 'billing.*', 'billing.>', 'a b', '', 'billing\r\nPUB x', 'Ü', 'billing-'])(
    'refuses the process name %j',
    (name) => {
      expect(processNameSchema.safeParse(name).success).toBe(false);
      expect(() => instanceRequest('billing', 'ping', name)).toThrow();
    },
  );

  it('refuses as an id any text with a wildcard, a dot or white space', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const accepted = idSchema('partner').safeParse(text).success;
        expect(accepted && /[.*>\s]/.test(text)).toBe(false);
      }),
    );
    expect(idSchema('partner').safeParse(`${newId('partner')}\n`).success).toBe(false);
  });
});
