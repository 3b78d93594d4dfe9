import {
  AppError,
  CURRENCY_FIXED,
  entitlementsChanged,
  newId,
  PLAN_NOT_OFFERED,
  type PlanVersion,
  PROFILE_INCOMPLETE,
  subscriptionChanged,
} from '@gridworks/contracts';
import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { BillingProfileRepository } from '../billing-profiles/billing-profile.repository.ts';
import { missingIn } from '../billing-profiles/billing-profile.ts';
import { toSecond } from '../periods/periods.ts';
import { FIRST_PLAN } from '../plans/plan-version.repository.ts';
import { pricesIn } from '../rating/rate-plan.ts';
import { ChargePeriods, feeOf } from './charge-periods.ts';
import { SubscriptionRepository } from './subscription.repository.ts';
import type { Subscription } from './subscription.ts';
import { forbiddenStep, type SubscriptionStep, takeStep } from './subscription-states.ts';

/**
 * What happens to the subscription of a partner. Every method works in the transaction of its caller, holds the subscription until COMMIT, and
 * first does what was due before its moment. Refusals are `BILLING.TRANSITION_FORBIDDEN` with what is allowed.
 */
@Injectable()
export class Subscriptions {
  constructor(
    private readonly repository: SubscriptionRepository,
    private readonly periods: ChargePeriods,
    private readonly profiles: BillingProfileRepository,
  ) {}

  /** Starts the first plan for a partner that has no subscription. Does nothing when it has one. */
  async start(tx: Transaction, partnerId: string, at: Date): Promise<void> {
    // Two events of one partner, or an event and a request: the second waits here.
    await tx.prepared(`select pg_advisory_xact_lock(hashtextextended('subscription ' || $1, 0))`, [
      partnerId,
    ]);
    if (!(await this.repository.hold(tx, partnerId))) await this.#startFirst(tx, partnerId, toSecond(at));
  }

  /** The subscription of a partner as it is at a moment. A partner whose registration is not known yet gets one. */
  async hold(tx: Transaction, partnerId: string, now: Date): Promise<Subscription> {
    const found = await this.repository.hold(tx, partnerId);
    if (found) return this.advance(tx, found, now);
    await this.start(tx, partnerId, now);
    return (await this.repository.hold(tx, partnerId)) as Subscription;
  }

  /** Does what is due up to a moment: the next month, the end of a trial, a renewal, a change or the end of the subscription. */
  async advance(tx: Transaction, subscription: Subscription, now: Date): Promise<Subscription> {
    let current = subscription;
    while (current.advance_at && current.advance_at <= now)
      current = await this.#advanceOnce(tx, current, current.advance_at);
    return current;
  }

  /** Another plan from now on. Throws `BILLING.PLAN_NOT_OFFERED`, `BILLING.PROFILE_INCOMPLETE`, `BILLING.CURRENCY_NOT_PRICED`, `BILLING.CURRENCY_FIXED`. */
  async change(tx: Transaction, partnerId: string, plan: string, now: Date): Promise<Subscription> {
    const at = toSecond(now);
    const held = await this.hold(tx, partnerId, at);
    const status = takeStep(held.status, 'change');
    const { old, next } = await this.#versions(tx, held, plan, 'change');
    const profile = await this.profiles.hold(tx, partnerId);
    const clean = { ...held, status, pending_plan_version_id: null, cancel_at_period_end: false };
    const oldFee = feeOf(old, held.currency);
    if (status !== 'trialing' && oldFee > 0n && profile.currency !== held.currency)
      throw new AppError(CURRENCY_FIXED, {
        detail: `The plan is paid in ${held.currency}. Cancel it at the end of its period, then choose a plan in ${profile.currency}.`,
      });
    const continues = status === 'trialing' || (oldFee > 0n && old.interval === next.interval);
    pricesIn(next, continues ? held.currency : profile.currency);
    if (continues) {
      const changed = await this.periods.exchange(tx, clean, { old, next }, at);
      return this.#tell(tx, changed, 'change');
    }
    // From a plan that costs nothing, or to another interval: the months begin anew.
    await this.periods.end(tx, held, old, at, true);
    const { currency, time_zone } = profile;
    const changed = await this.periods.begin(tx, { ...clean, currency, time_zone }, next, at, true);
    return this.#tell(tx, changed, 'change');
  }

  /** Another plan from the end of the period on. Throws what `change` throws. */
  async scheduleChange(tx: Transaction, partnerId: string, plan: string, now: Date): Promise<Subscription> {
    const held = await this.hold(tx, partnerId, toSecond(now));
    const status = takeStep(held.status, 'schedule_change');
    const { next } = await this.#versions(tx, held, plan, 'schedule_change');
    pricesIn(next, held.currency);
    return this.#save(
      tx,
      { ...held, status, pending_plan_version_id: next.id, cancel_at_period_end: false },
      'schedule_change',
    );
  }

  /** Ends the subscription now: what is paid is not given back, and the partner has the first plan. */
  async cancel(tx: Transaction, partnerId: string, now: Date): Promise<Subscription> {
    const at = toSecond(now);
    const held = await this.hold(tx, partnerId, at);
    takeStep(held.status, 'cancel');
    const version = await this.#paidVersion(tx, held, 'cancel');
    if (held.status !== 'paused') await this.periods.end(tx, held, version, at, false);
    return this.#cancelAt(tx, held, at);
  }

  /** Ends the subscription with its period. */
  async cancelAtPeriodEnd(tx: Transaction, partnerId: string, now: Date): Promise<Subscription> {
    const held = await this.hold(tx, partnerId, toSecond(now));
    const status = takeStep(held.status, 'cancel_at_period_end');
    await this.#paidVersion(tx, held, 'cancel_at_period_end');
    return this.#save(
      tx,
      { ...held, status, cancel_at_period_end: true, pending_plan_version_id: null },
      'cancel_at_period_end',
    );
  }

  /** Pauses it now; the rest of the fee is set off against what comes next. */
  async pause(tx: Transaction, partnerId: string, now: Date): Promise<Subscription> {
    const at = toSecond(now);
    const held = await this.hold(tx, partnerId, at);
    const status = takeStep(held.status, 'pause');
    await this.periods.end(tx, held, await this.#paidVersion(tx, held, 'pause'), at, true);
    const paused = { ...held, status, paused_at: at, advance_at: null };
    return this.#save(tx, { ...paused, cancel_at_period_end: false, pending_plan_version_id: null }, 'pause');
  }

  /** Ends a pause, from when on the months are counted anew; or takes back what was to happen at the end of the period. */
  async resume(tx: Transaction, partnerId: string, now: Date): Promise<Subscription> {
    const at = toSecond(now);
    const held = await this.hold(tx, partnerId, at);
    const status = takeStep(held.status, 'resume');
    if (held.status !== 'paused') {
      if (!held.cancel_at_period_end && held.pending_plan_version_id === null)
        throw forbiddenStep(held.status, 'resume', 'Nothing is to happen at the end of the period.');
      return this.#save(
        tx,
        { ...held, status, cancel_at_period_end: false, pending_plan_version_id: null },
        'resume',
      );
    }
    await this.#requireProfile(tx, partnerId);
    const version = await this.repository.version(tx, held.plan_version_id);
    const resumed = await this.periods.begin(tx, { ...held, status, paused_at: null }, version, at, false);
    return this.#tell(tx, resumed, 'resume');
  }

  /** A payment is overdue, or was settled: called by the payments. */
  async mark(
    tx: Transaction,
    partnerId: string,
    step: 'miss_payment' | 'settle_payment',
    now: Date,
  ): Promise<Subscription> {
    const held = await this.hold(tx, partnerId, toSecond(now));
    return this.#save(tx, { ...held, status: takeStep(held.status, step) }, step);
  }

  async #advanceOnce(tx: Transaction, current: Subscription, at: Date): Promise<Subscription> {
    if (at < current.period_to) return this.periods.nextMonth(tx, current, at);
    if (current.cancel_at_period_end) return this.#cancelAt(tx, current, at);
    const old = await this.repository.version(tx, current.plan_version_id);
    const pending = current.pending_plan_version_id;
    const next = pending ? await this.repository.version(tx, pending) : old;
    const clean = { ...current, pending_plan_version_id: null };
    if (current.status === 'trialing') {
      takeStep(current.status, 'end_trial');
      return this.#tell(tx, await this.periods.begin(tx, clean, next, at, false), 'end_trial');
    }
    const renewing = { ...clean, status: takeStep(current.status, 'renew') };
    const renewed = await this.periods.renew(tx, renewing, next, at, old.interval === next.interval);
    return pending ? this.#tell(tx, renewed, 'change') : renewed;
  }

  /** Its last period has ended at this moment. */
  async #cancelAt(tx: Transaction, current: Subscription, at: Date): Promise<Subscription> {
    await this.#save(
      tx,
      {
        ...{ ...current, status: 'canceled', canceled_at: at, advance_at: null, paused_at: null },
        ...{ pending_plan_version_id: null, cancel_at_period_end: false },
      },
      'cancel',
    );
    return this.#startFirst(tx, current.partner_id, at);
  }

  async #startFirst(tx: Transaction, partnerId: string, at: Date): Promise<Subscription> {
    const version = await this.repository.offered(tx, FIRST_PLAN);
    if (!version) throw new Error(`the plan ${FIRST_PLAN} has no published version`);
    const { currency, time_zone } = await this.profiles.hold(tx, partnerId);
    const priced = Object.hasOwn(version.prices, currency) ? currency : Object.keys(version.prices)[0];
    const fresh: Subscription = {
      ...{ id: newId('subscription'), partner_id: partnerId, status: 'active', time_zone },
      ...{ plan_version_id: version.id, currency: priced ?? currency, anchor_at: at },
      ...{ period_from: at, period_to: at, advance_at: null, trial_end: null },
      ...{ pending_plan_version_id: null, cancel_at_period_end: false, paused_at: null, canceled_at: null },
      ...{ created_at: at, updated_at: new Date() },
    };
    return this.#tell(tx, await this.periods.begin(tx, fresh, version, at, false), null);
  }

  /** The version that the partner has, and the one that it wants. */
  async #versions(
    tx: Transaction,
    held: Subscription,
    plan: string,
    step: SubscriptionStep,
  ): Promise<{ old: PlanVersion; next: PlanVersion }> {
    const next = await this.repository.offered(tx, plan);
    if (!next) throw new AppError(PLAN_NOT_OFFERED, { detail: `There is no plan ${plan} to choose.` });
    if (next.id === held.plan_version_id)
      throw forbiddenStep(held.status, step, `The subscription has the plan ${plan} already.`);
    if (plan !== FIRST_PLAN) await this.#requireProfile(tx, held.partner_id);
    return { old: await this.repository.version(tx, held.plan_version_id), next };
  }

  /** The first plan is what remains when a subscription ends, so that it cannot be ended or paused itself. */
  async #paidVersion(tx: Transaction, held: Subscription, step: SubscriptionStep): Promise<PlanVersion> {
    const version = await this.repository.version(tx, held.plan_version_id);
    if (version.plan === FIRST_PLAN)
      throw forbiddenStep(
        held.status,
        step,
        `The plan ${FIRST_PLAN} is what remains without a subscription.`,
      );
    return version;
  }

  async #requireProfile(tx: Transaction, partnerId: string): Promise<void> {
    const missing = missingIn(await this.profiles.hold(tx, partnerId));
    if (missing.length === 0) return;
    throw new AppError(PROFILE_INCOMPLETE, {
      detail: `Set ${missing.join(', ')} of the billing profile first.`,
      details: { missing },
    });
  }

  async #save(tx: Transaction, changed: Subscription, step: SubscriptionStep): Promise<Subscription> {
    const stored = { ...changed, updated_at: new Date() };
    await this.repository.save(tx, stored);
    return this.#tell(tx, stored, step);
  }

  #tell(tx: Transaction, subscription: Subscription, step: SubscriptionStep | null): Subscription {
    const { id, partner_id, plan_version_id, status } = subscription;
    tx.emit(
      subscriptionChanged,
      { subscription_id: id, partner_id, plan_version_id, status, step },
      { partnerId: partner_id },
    );
    tx.emit(entitlementsChanged, { partner_id, at: new Date().toISOString() }, { partnerId: partner_id });
    return subscription;
  }
}
