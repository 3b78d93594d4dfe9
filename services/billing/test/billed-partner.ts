import { newId, type UsageRecord } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import type { InstanceUnderTest, ServiceUnderTest } from '@gridworks/testing/service';
import { BillingProfileRepository } from '../src/billing-profiles/billing-profile.repository.ts';
import { BillingRun } from '../src/billing-run/billing-run.ts';
import { CreditRepository } from '../src/credits/credit.repository.ts';
import { LedgerRepository } from '../src/ledger/ledger.repository.ts';
import { Reconcile, type Reconciliation } from '../src/reconciliation/reconcile.ts';
import type { Subscription } from '../src/subscriptions/subscription.ts';
import { Subscriptions } from '../src/subscriptions/subscriptions.ts';
import { UsageRepository } from '../src/usage/usage.repository.ts';

export const PROFILE = {
  ...{ legal_name: 'Lakshmi Logistics LLP', address_lines: ['88 Brigade Road'], city: 'Bengaluru' },
  ...{ postal_code: '560001', country: 'IN', state: 'KA', tax_id: '29AAPFU0939F1ZR', currency: 'EUR' },
  ...{ locale: 'en-IE', time_zone: 'UTC', email: 'accounts@lakshmi.example' },
};

/** Plans of tests: few included units, so that every call counts. */
export const TEST_PLANS = {
  meter: { interval: 'month', trial_days: 0, recurring: 1000, minimum: 0, included: 10, unit: '2' },
  larger: { interval: 'month', trial_days: 0, recurring: 5000, minimum: 0, included: 100, unit: '1' },
  yearly: { interval: 'year', trial_days: 0, recurring: 10_000, minimum: 0, included: 10, unit: '2' },
  tried: { interval: 'month', trial_days: 14, recurring: 1000, minimum: 0, included: 10, unit: '2' },
  floor: { interval: 'month', trial_days: 0, recurring: 1000, minimum: 500, included: 10, unit: '2' },
} as const;
export type TestPlan = keyof typeof TEST_PLANS | 'free' | 'growth' | 'scale';

export async function publishTestPlans(billing: ServiceUnderTest): Promise<void> {
  for (const [plan, { interval, trial_days, recurring, minimum, included, unit }] of Object.entries(
    TEST_PLANS,
  )) {
    const prices = {
      ...{ recurring_amount: recurring, minimum_amount: minimum },
      charges: [{ metric: 'calls', included, price: { model: 'per_unit', unit_amount: unit } }],
    };
    const terms = {
      ...{ name: plan[0]?.toUpperCase() + plan.slice(1), description: plan, interval, trial_days },
      ...{ prices: { EUR: prices, INR: prices }, features: [] },
      limits: { burst_per_minute: 60, daily: 1000 },
    };
    await billing.query(
      `insert into plan_versions (id, plan, version, status, terms, created_at, published_at)
       values ($1, $2, 1, 'published', $3, now(), now())`,
      [newId('planVersion'), plan, JSON.stringify(terms)],
    );
  }
}

/** What tests do with the subscriptions of an instance, at moments of their own. */
export class BilledPartners {
  readonly database: Database;
  readonly #subscriptions: Subscriptions;
  readonly #run: BillingRun;
  readonly #usage: UsageRepository;
  readonly #profiles: BillingProfileRepository;
  readonly #ledger: LedgerRepository;
  readonly #credits: CreditRepository;
  readonly #reconcile: Reconcile;

  constructor({ module }: InstanceUnderTest) {
    this.database = module.get(Database);
    this.#subscriptions = module.get(Subscriptions);
    this.#run = module.get(BillingRun);
    this.#usage = module.get(UsageRepository);
    this.#profiles = module.get(BillingProfileRepository);
    this.#ledger = module.get(LedgerRepository);
    this.#credits = module.get(CreditRepository);
    this.#reconcile = module.get(Reconcile);
  }

  run(at: string | Date) {
    return this.#run.run(new Date(at));
  }

  reconcile(at: string | Date = new Date()): Promise<Reconciliation> {
    return this.#reconcile.run(new Date(at));
  }

  balances(partner: string) {
    return this.#ledger.balances(partner);
  }

  /** A partner with a complete profile that has the first plan. */
  async register(at: string, profile: object | null = {}): Promise<string> {
    const partner = newId('partner');
    await this.database.transaction(async (tx) => {
      if (profile)
        await this.#profiles.put(tx, { ...PROFILE, ...profile, partner_id: partner, updated_at: new Date() });
      await this.#subscriptions.start(tx, partner, new Date(at));
    });
    return partner;
  }

  /** One step of the subscription, without the invoice that a request makes with it. */
  act(
    step: 'cancel' | 'cancelAtPeriodEnd' | 'pause' | 'resume',
    partner: string,
    at: string,
  ): Promise<Subscription> {
    return this.database.transaction((tx) => this.#subscriptions[step](tx, partner, new Date(at)));
  }

  change(partner: string, plan: TestPlan, at: string): Promise<Subscription> {
    return this.database.transaction((tx) => this.#subscriptions.change(tx, partner, plan, new Date(at)));
  }

  schedule(partner: string, plan: TestPlan, at: string): Promise<Subscription> {
    return this.database.transaction((tx) =>
      this.#subscriptions.scheduleChange(tx, partner, plan, new Date(at)),
    );
  }

  mark(partner: string, step: 'miss_payment' | 'settle_payment', at: string): Promise<Subscription> {
    return this.database.transaction((tx) => this.#subscriptions.mark(tx, partner, step, new Date(at)));
  }

  /** The subscription at a moment, with everything that was due before. */
  at(partner: string, moment: string): Promise<Subscription> {
    return this.database.transaction((tx) => this.#subscriptions.hold(tx, partner, new Date(moment)));
  }

  /** Promotional credit in EUR. */
  async giveCredit(partner: string, amount: bigint): Promise<void> {
    const grant = { kind: 'promotional', currency: 'EUR', expiresAt: null, grantedBy: null } as const;
    await this.database.transaction((tx) =>
      this.#credits.grant(tx, { ...grant, partnerId: partner, amount, reason: 'Test' }, new Date()),
    );
  }

  /** Metered calls at these moments. */
  async call(partner: string, moments: readonly string[], mode: 'live' | 'test' = 'live'): Promise<void> {
    const key = newId('apiKey');
    const records = moments.map(
      (at): UsageRecord => ({
        ...{ id: newId('usage'), partner_id: partner, api_key_id: key, mode },
        ...{ operation: 'GET /v1/plans', status: 200, at },
      }),
    );
    await this.database.transaction((tx) => this.#usage.record(tx, records));
  }
}
