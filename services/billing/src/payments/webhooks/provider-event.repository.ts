import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { ProviderEvent } from '../provider/payment-provider.ts';

/** The events of providers, as proof of what came when. They are not what is believed: the object is read again. */
@Injectable()
export class ProviderEventRepository {
  /** `partnerId`: of the attempt or customer that it is about; null for one that is none of ours. A repeat counts up. */
  async store(
    tx: Transaction,
    provider: string,
    { id, type, attemptId, customerId }: ProviderEvent,
    partnerId: string | null,
    now: Date,
  ): Promise<void> {
    await tx.prepared(
      `insert into provider_events (provider, id, partner_id, type, attempt_id, customer_id, received_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (provider, id) do update set times = provider_events.times + 1`,
      [provider, id, partnerId, type, attemptId, customerId, now],
    );
  }

  /** Deletes what is older than this. */
  async deleteBefore(tx: Transaction, before: Date): Promise<void> {
    await tx.prepared('delete from provider_events where received_at < $1', [before]);
  }
}
