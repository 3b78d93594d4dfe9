import { smaller } from '../money/money.ts';

export interface CreditGrant {
  readonly id: string;
  readonly kind: 'prepaid' | 'promotional';
  readonly currency: string;
  /** Minor units that are not burned yet. */
  readonly remaining: bigint;
  readonly grantedAt: Date;
  /** From this moment on the credit cannot be burned; null: never expires. */
  readonly expiresAt: Date | null;
}

export interface Burn {
  readonly grantId: string;
  /** Minor units, above 0. */
  readonly amount: bigint;
}

/**
 * The order in which grants are burned: what expires first, then what was given away before what was paid for, then the older
 * one. So a partner loses as little as possible.
 */
export function compareGrants(a: CreditGrant, b: CreditGrant): number {
  const end = ({ expiresAt }: CreditGrant) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  if (end(a) !== end(b)) return end(a) < end(b) ? -1 : 1;
  if (a.kind !== b.kind) return a.kind === 'promotional' ? -1 : 1;
  const age = a.grantedAt.getTime() - b.grantedAt.getTime();
  return age || (a.id < b.id ? -1 : 1);
}

/**
 * Which grants pay how much of `due` minor units at a moment. Grants of another currency, expired ones and those that begin later are left
 * out. The sum is `due`, or all that there is; `rest` is what is not covered.
 */
export function burnCredits(
  grants: readonly CreditGrant[],
  due: { readonly amount: bigint; readonly currency: string; readonly at: Date },
): { burns: Burn[]; rest: bigint } {
  if (due.amount < 0n) throw new RangeError('nothing is burned for an amount below 0');
  const usable = grants.filter(
    ({ currency, grantedAt, expiresAt }) =>
      currency === due.currency && grantedAt <= due.at && (expiresAt === null || expiresAt > due.at),
  );
  let rest = due.amount;
  const burns: Burn[] = [];
  for (const { id, remaining } of usable.sort(compareGrants)) {
    const amount = smaller(remaining, rest);
    if (amount > 0n) burns.push({ grantId: id, amount });
    rest -= amount;
  }
  return { burns, rest };
}

/** The shares of a budget of credits at which a partner is told, in percent. */
export const ALERT_THRESHOLDS = [50, 80, 100] as const;

/** The thresholds that a change of what is used crosses upwards, lowest first; each is crossed once until it falls below again. */
export function crossedThresholds(granted: bigint, usedBefore: bigint, usedNow: bigint): number[] {
  if (granted <= 0n) return [];
  return ALERT_THRESHOLDS.filter((percent) => {
    const limit = granted * BigInt(percent);
    return usedBefore * 100n < limit && usedNow * 100n >= limit;
  });
}
