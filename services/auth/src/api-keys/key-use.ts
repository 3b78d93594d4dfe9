import { Bus } from '@gridworks/bus';
import { type apiKeyInUseSchema, getKeyUsage } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type ApiKey, presentApiKey } from './api-key.ts';

export type ApiKeyInUse = z.output<typeof apiKeyInUseSchema>;

/** How long a list of keys waits for billing's figures, in milliseconds: the list matters more. */
const WAIT_MS = 500;
const DAYS = 30;

/** Adds to keys how they were used, from the counts of billing. The request path writes nothing for it. */
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
      // The bus has reported the error. The figures are null then, and the page shows them as unknown.
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
