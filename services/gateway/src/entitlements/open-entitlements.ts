import type { Bus } from '@gridworks/bus';
import { entitlementsSchema, getEntitlements } from '@gridworks/contracts';
import type { RedisClient } from '@gridworks/runtime';
import { PartnerEntitlements, type PartnerLimits } from './entitlements.ts';

const REQUEST_DEADLINE_MS = 1000;
/** How long Redis keeps the copy of a partner that does not call, in seconds. */
const KEPT_S = 86_400;

/** The entitlements of partners: from billing, with a copy in Redis. */
export function openEntitlements(bus: Bus, redis: RedisClient, atMost: PartnerLimits): PartnerEntitlements {
  const keep = redis.operation(
    'keep-entitlements',
    (client, key: string, text: string): Promise<unknown> =>
      client.set(key, text, { expiration: { type: 'EX', value: KEPT_S } }),
    { defaultValue: null },
  );
  const recall = redis.operation(
    'recall-entitlements',
    (client, key: string): Promise<string | null> => client.get(key),
    { defaultValue: null },
  );
  const keyOf = (partnerId: string) => `limit:entitlements:${partnerId}`;
  return new PartnerEntitlements({
    request: (partner_id, usedUp) =>
      bus.request(getEntitlements, usedUp === null ? { partner_id } : { partner_id, used_up: usedUp }, {
        deadlineMs: REQUEST_DEADLINE_MS,
      }),
    keep: (partnerId, entitlements) =>
      void keep(keyOf(partnerId), JSON.stringify(entitlements)).catch(() => undefined),
    recall: async (partnerId) => {
      const text = await recall(keyOf(partnerId));
      return text === null ? null : entitlementsSchema.parse(JSON.parse(text));
    },
    atMost,
  });
}
