import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { smaller } from '../money/money.ts';
import { burnCredits, type CreditGrant, compareGrants, crossedThresholds } from './burn-order.ts';

const at = new Date('2026-11-15T00:00:00Z');
const grant = (id: string, changes: Partial<CreditGrant> = {}): CreditGrant => ({
  ...{ id, kind: 'prepaid', currency: 'EUR', remaining: 100n, expiresAt: null },
  grantedAt: new Date('2026-11-01T00:00:00Z'),
  ...changes,
});
const due = (amount: bigint) => ({ amount, currency: 'EUR', at });

const moment = fc.date({ min: new Date('2026-11-01'), max: new Date('2026-12-01'), noInvalidDate: true });
const grants = fc
  .array(
    fc.record({
      kind: fc.constantFrom('prepaid' as const, 'promotional' as const),
      currency: fc.constantFrom('EUR', 'INR'),
      remaining: fc.bigInt({ min: 0n, max: 1000n }),
      grantedAt: moment,
      expiresAt: fc.option(moment),
    }),
    { maxLength: 12 },
  )
  .map((all) => all.map((one, index): CreditGrant => ({ ...one, id: `crg_${index}` })));
const amount = fc.bigInt({ min: 0n, max: 20_000n });

describe('burnCredits', () => {
  it('burns what expires first, promotional before paid, then the older one', () => {
    const order = [
      grant('soon', { expiresAt: new Date('2026-11-20T00:00:00Z') }),
      grant('later promotional', { kind: 'promotional', expiresAt: new Date('2026-12-20T00:00:00Z') }),
      grant('later paid', { expiresAt: new Date('2026-12-20T00:00:00Z') }),
      grant('promotional', { kind: 'promotional' }),
      grant('old', { grantedAt: new Date('2026-10-01T00:00:00Z') }),
      grant('new'),
    ];
    const { burns, rest } = burnCredits([...order].reverse(), due(550n));
    expect(burns.map(({ grantId }) => grantId)).toEqual(order.map(({ id }) => id));
    expect([burns.at(-1)?.amount, rest]).toEqual([50n, 0n]);
  });

  it('burns nothing of what has expired at the moment, begins later, or has another currency', () => {
    const useless = [
      grant('expired', { expiresAt: at }),
      grant('later', { grantedAt: new Date(at.getTime() + 1) }),
      grant('rupees', { currency: 'INR' }),
      grant('empty', { remaining: 0n }),
    ];
    expect(burnCredits(useless, due(10n))).toEqual({ burns: [], rest: 10n });
  });

  it('burns all that is due, or all that there is, and never more than a grant has', () => {
    fc.assert(
      fc.property(grants, amount, (all, owed) => {
        const { burns, rest } = burnCredits(all, due(owed));
        const burned = burns.reduce((sum, burn) => sum + burn.amount, 0n);
        expect(burned + rest).toBe(owed);
        const usable = all.filter(
          (one) =>
            one.currency === 'EUR' && one.grantedAt <= at && (one.expiresAt === null || one.expiresAt > at),
        );
        const available = usable.reduce((sum, { remaining }) => sum + remaining, 0n);
        expect(burned).toBe(smaller(available, owed));
        for (const burn of burns) {
          const of = usable.find(({ id }) => id === burn.grantId);
          expect(burn.amount > 0n && burn.amount <= (of?.remaining ?? 0n)).toBe(true);
        }
        // All but the last burned grant are used up.
        for (const burn of burns.slice(0, -1))
          expect(burn.amount).toBe(usable.find(({ id }) => id === burn.grantId)?.remaining);
      }),
    );
  });

  it('has one order, whatever the order of the rows', () => {
    fc.assert(
      fc.property(grants, amount, (all, owed) => {
        expect(burnCredits([...all].reverse(), due(owed))).toEqual(burnCredits(all, due(owed)));
        for (const one of all)
          for (const other of all)
            if (one !== other) expect(compareGrants(one, other)).toBe(-compareGrants(other, one) || 0);
      }),
    );
  });

  it('burned in two steps is burned as in one', () => {
    fc.assert(
      fc.property(grants, amount, amount, (all, first, second) => {
        const used = new Map<string, bigint>();
        for (const owed of [first, second]) {
          const left = all.map((one) => ({ ...one, remaining: one.remaining - (used.get(one.id) ?? 0n) }));
          for (const { grantId, amount: burned } of burnCredits(left, due(owed)).burns)
            used.set(grantId, (used.get(grantId) ?? 0n) + burned);
        }
        const once = burnCredits(all, due(first + second)).burns.map((burn) => [burn.grantId, burn.amount]);
        expect(new Map([...used])).toEqual(new Map(once as [string, bigint][]));
      }),
    );
  });
});

describe('crossedThresholds', () => {
  it.each<[bigint, bigint, bigint, number[]]>([
    [1000n, 0n, 499n, []],
    [1000n, 499n, 500n, [50]],
    [1000n, 500n, 501n, []],
    [1000n, 0n, 1000n, [50, 80, 100]],
    [3n, 1n, 2n, [50]],
    [0n, 0n, 10n, []],
  ])('of %s, from %s to %s used, are %j', (granted, before, now, crossed) => {
    expect(crossedThresholds(granted, before, now)).toEqual(crossed);
  });

  it('are each crossed once, however the use is split', () => {
    const steps = fc.array(fc.bigInt({ min: 0n, max: 400n }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1000n }), steps, (granted, uses) => {
        let used = 0n;
        const split = uses.flatMap((use) => {
          used += use;
          return crossedThresholds(granted, used - use, used);
        });
        expect(split).toEqual(crossedThresholds(granted, 0n, used));
      }),
    );
  });
});
