import { Bus } from '@gridworks/bus';
import { type apiKeyInUseSchema, getKeyUsage } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type ApiKey, presentApiKey } from './api-key.ts';

export type ApiKeyInUse = z.output<typeof apiKeyInUseSchema>;

/** A list of keys is worth more than the figures beside them: so long it waits for billing, in milliseconds. */
const WAIT_MS = 500;
const DAYS = 30;

/** Tells how keys were used, from what billing has counted. The request path writes nothing for it. */
@Injectable()
export class KeyUse {
  constructor(private readonly bus: Bus) {}

  /** The keys as a list shows them, in the same order; without figures while billing does not respond. */
  async present(partnerId: string, keys: readonly ApiKey[]): Promise<ApiKeyInUse[]> {
    if (keys.length === 0) return [];
    const usage = await this.bus
      .request(
        getKeyUsage,
        { partner_id: partnerId, api_key_ids: keys.map(({ id }) => id) },
        { deadlineMs: WAIT_MS },
      )
      // The bus has reported why. The figures are null then, which the page shows as unknown.
      .catch(() => null);
    if (!usage) return keys.map((key) => ({ ...presentApiKey(key), last_used_at: null, calls: null }));
    const { from, observed_at } = usage;
    const byId = new Map(usage.api_keys.map((one) => [one.api_key_id, one]));
    return keys.map((key) => {
      const use = byId.get(key.id);
      const days = use?.days ?? Array.from({ length: DAYS }, () => 0);
      const total = days.reduce((sum, calls) => sum + calls, 0);
      return {
        ...presentApiKey(key),
        last_used_at: use?.last_call_at ?? null,
        calls: { from, days, total, observed_at },
      };
    });
  }
}
