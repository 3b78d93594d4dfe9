import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Slots } from './slots.ts';

describe('Slots', () => {
  it('has the members of a set that had the same calls, and uses places again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.nat({ max: 20 }), { nil: undefined }), { maxLength: 200 }),
        (calls) => {
          const slots = new Slots<object>();
          const model = new Map<object, number>();
          let most = 0;
          for (const [number, which] of calls.entries()) {
            const found = which === undefined ? undefined : [...model][which];
            if (found) {
              slots.delete(found[1]);
              model.delete(found[0]);
            } else {
              const member = { number };
              model.set(member, slots.add(member));
            }
            most = Math.max(most, model.size);
            expect(slots.size).toBe(model.size);
          }
          expect(new Set(slots)).toEqual(new Set(model.keys()));
          for (const slot of model.values()) expect(slot).toBeLessThan(most);
        },
      ),
    );
  });

  it('leaves out members that are deleted while it is read', () => {
    const slots = new Slots<{ name: string }>();
    slots.add({ name: 'a' });
    const b = slots.add({ name: 'b' });
    const seen: string[] = [];
    for (const { name } of slots) {
      seen.push(name);
      if (name === 'a') slots.delete(b);
    }
    expect(seen).toEqual(['a']);
  });
});
