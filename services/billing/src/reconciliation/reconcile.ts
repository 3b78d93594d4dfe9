import { SYNTHETIC_PARTNER_ID } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { MeteredUsageRepository } from '../invoicing/metered-usage.repository.ts';
import { PaymentProviders } from '../payments/provider/payment-providers.ts';
import { SubscriptionRepository } from '../subscriptions/subscription.repository.ts';
import { compareDocuments, compareSeries } from './compare-documents.ts';
import { compareProvider } from './compare-provider.ts';
import { UsageComparison } from './compare-usage.ts';
import type { Difference } from './difference.ts';

export interface Reconciliation {
  readonly partners: number;
  /** Charged periods whose records are kept. */
  readonly periods: number;
  readonly units: bigint;
  readonly invoices: number;
  /** Units that arrived after their period was charged, and that the next invoice has. */
  readonly waiting: bigint;
  /** Units of the time in which subscriptions were paused, which nothing charges. */
  readonly paused: bigint;
  /** Payments that the provider was asked for; null without a provider. */
  readonly payments: number | null;
  readonly differences: readonly Difference[];
}

// Each part reads an index in its order, and ends after a page.
const PARTNERS_SQL = `
  select partner_id from (
    ${[
      'subscriptions',
      'usage_daily',
      'usage_events',
      'ledger_transactions',
      'payment_attempts',
      'invoices',
      'invoice_items',
      'credit_grants',
    ]
      .map((table) => `(select distinct partner_id from ${table} where partner_id > $1 order by 1 limit $2)`)
      .join('\n    union ')}
  ) known where partner_id <> '${SYNTHETIC_PARTNER_ID}' order by 1 limit $2`;
const AT_ONCE = 100;

/**
 * Compares meter, invoices, ledger and payment provider: whether each live unit is charged exactly once, each item is on an invoice of its
 * amount, each invoice and payment has its posting, each posting its cause, and each payment the state that the provider names. Each
 * partner is read in a snapshot of its own, so that no statement and no transaction grows with the portal. Changes nothing.
 */
@Injectable()
export class Reconcile {
  readonly #usage: UsageComparison;

  constructor(
    private readonly database: Database,
    usage: MeteredUsageRepository,
    subscriptions: SubscriptionRepository,
    private readonly providers: PaymentProviders,
  ) {
    this.#usage = new UsageComparison(usage, subscriptions);
  }

  /** Rejects when the database or the provider does not respond. */
  async run(now: Date): Promise<Reconciliation> {
    const differences: Difference[] = [];
    const found = { partners: 0, periods: 0, units: 0n, invoices: 0, waiting: 0n, paused: 0n };
    for await (const partnerId of this.#partners()) {
      const one = await this.#partner(partnerId, now);
      found.partners++;
      found.invoices += one.invoices;
      found.periods += one.usage.periods;
      found.units += one.usage.units;
      found.waiting += one.usage.waiting;
      found.paused += one.usage.paused;
      differences.push(...one.usage.differences, ...one.documents);
    }
    differences.push(...(await this.database.transaction(compareSeries)));
    const provider = this.providers.configured;
    const payments = provider ? await compareProvider(this.database, provider, now, differences) : null;
    return { ...found, payments, differences };
  }

  #partner(partnerId: string, now: Date) {
    return this.database.transaction(
      async (tx) => {
        const [counted] = await tx.prepared<{ n: number }>(
          `select count(*)::int as n from invoices where partner_id = $1 and status <> 'draft'`,
          [partnerId],
        );
        return {
          usage: await this.#usage.compare(tx, partnerId, now),
          documents: await compareDocuments(tx, partnerId),
          invoices: counted?.n ?? 0,
        };
      },
      { isolation: 'REPEATABLE READ' },
    );
  }

  async *#partners(): AsyncGenerator<string> {
    for (let last = ''; ; ) {
      const page = await this.database.read<{ partner_id: string }[]>((manager) =>
        manager.query(PARTNERS_SQL, [last, AT_ONCE]),
      );
      for (const { partner_id } of page) yield partner_id;
      if (page.length < AT_ONCE) return;
      last = page.at(-1)?.partner_id ?? '';
    }
  }
}
