import { AppError, PROVIDER_UNAVAILABLE_FOR_PAYMENTS, WEBHOOK_REFUSED } from '@gridworks/contracts';
import {
  type AsyncFunction,
  type HealingEnvironment,
  type HealingOptions,
  withSelfHealing,
} from '@gridworks/resilience';
import Stripe from 'stripe';
import { exponentOf } from '../../money/currency.ts';
import { toInteger } from '../../money/money.ts';
import type {
  ChargeOrder,
  PaymentProvider,
  ProviderEvent,
  ProviderMethod,
  ProviderReading,
  RefundOrder,
} from './payment-provider.ts';
import { readIntent, readRefund, readRefusal } from './stripe-reading.ts';

/** The version of Stripe's API that this code was written for. The webhook endpoint at Stripe must have the same. */
export const STRIPE_API_VERSION = '2026-10-28.endive';
const ATTEMPT_MS = 8000;
const DEADLINE_MS = 20_000;
/** How old a signature may be, in seconds: Stripe's own default. */
const TOLERANCE_S = 300;
/** Charges of one customer that are read to find one by our id. Older ones are settled for long. */
const RECENT = 100;

export interface StripeOptions {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Default: Stripe's own address. */
  readonly apiBase?: string | undefined;
  /** Default: 8,000. */
  readonly attemptMs?: number;
  /** Default: the environment of the process. */
  readonly environment?: HealingEnvironment | undefined;
}

/** Stripe. Every call is wrapped; the client itself repeats nothing. */
export class StripeProvider implements PaymentProvider {
  readonly name = 'stripe';
  readonly #stripe: Stripe;
  readonly #options: StripeOptions;
  readonly createCustomer: PaymentProvider['createCustomer'];
  readonly setupPage: PaymentProvider['setupPage'];
  readonly charge: PaymentProvider['charge'];
  readonly findCharge: PaymentProvider['findCharge'];
  readonly cancelCharge: PaymentProvider['cancelCharge'];
  readonly refund: PaymentProvider['refund'];
  readonly findRefund: PaymentProvider['findRefund'];
  readonly methods: PaymentProvider['methods'];
  readonly detach: PaymentProvider['detach'];

  constructor(options: StripeOptions) {
    this.#options = options;
    const base = options.apiBase ? new URL(options.apiBase) : null;
    this.#stripe = new Stripe(options.secretKey, {
      apiVersion: STRIPE_API_VERSION,
      timeout: options.attemptMs ?? ATTEMPT_MS,
      // Repeated in one place, below, and with the key of the attempt.
      maxNetworkRetries: 0,
      telemetry: false,
      ...(base && {
        protocol: base.protocol === 'http:' ? ('http' as const) : ('https' as const),
        host: base.hostname,
        port: base.port || (base.protocol === 'http:' ? '80' : '443'),
      }),
    });
    const read = { idempotent: true } as const;
    this.createCustomer = this.#wrap('create-customer', (id: string) => this.#createCustomer(id), {
      idempotencyKey: (partnerId: string) => `customer-${partnerId}`,
    });
    this.setupPage = this.#wrap(
      'open-setup-page',
      (customer: string, returnUrl: string) => this.#setupPage(customer, returnUrl),
      read,
    );
    this.charge = this.#wrap('charge', (order: ChargeOrder) => this.#charge(order), {
      idempotencyKey: keyOf,
    });
    this.findCharge = this.#wrap('find-charge', (order) => this.#findCharge(order), read);
    // Canceling twice is canceling once.
    this.cancelCharge = this.#wrap('cancel-charge', (id: string) => this.#cancelCharge(id), read);
    this.refund = this.#wrap('refund', (order: RefundOrder) => this.#refund(order), {
      idempotencyKey: keyOf,
    });
    this.findRefund = this.#wrap('find-refund', (order) => this.#findRefund(order), read);
    this.methods = this.#wrap('list-methods', (id: string) => this.#methods(id), read);
    this.detach = this.#wrap('detach-method', (id: string) => this.#detach(id), read);
  }

  parseEvent(body: Buffer, signature: string): ProviderEvent {
    let event: Stripe.Event;
    try {
      event = this.#stripe.webhooks.constructEvent(body, signature, this.#options.webhookSecret, TOLERANCE_S);
    } catch (cause) {
      throw new AppError(WEBHOOK_REFUSED, { cause });
    }
    const object = event.data.object as {
      object?: string;
      customer?: unknown;
      metadata?: Record<string, string> | null;
    };
    const { id, type } = event;
    return {
      ...{ id, type, about: aboutOf(object.object) },
      attemptId: object.metadata?.attempt_id ?? null,
      customerId: typeof object.customer === 'string' ? object.customer : null,
    };
  }

  #wrap<F extends AsyncFunction>(
    operation: string,
    call: F,
    safety: Pick<HealingOptions<F>, 'idempotent' | 'idempotencyKey'>,
  ): F {
    const { environment, attemptMs = ATTEMPT_MS } = this.#options;
    const wrapped = withSelfHealing<F>(call, {
      ...{
        source: `billing.stripe.${operation}`,
        category: 'api',
        dependency: 'http',
        dependencyName: 'stripe',
      },
      ...{
        money: true,
        deadlineMs: DEADLINE_MS,
        attemptMs,
        breaker: { name: 'stripe' },
        retry: { attempts: 1 },
      },
      isBusinessError: (error) => readRefusal(error) !== null,
      ...safety,
      ...(environment ? { environment } : {}),
    });
    const checked = async (...args: Parameters<F>) => {
      try {
        return await wrapped(...args);
      } catch (cause) {
        throw new AppError(PROVIDER_UNAVAILABLE_FOR_PAYMENTS, { cause, retryAfterMs: 5000 });
      }
    };
    return checked as unknown as F;
  }

  async #createCustomer(partnerId: string): Promise<string> {
    const customer = await this.#stripe.customers.create(
      { metadata: { partner_id: partnerId } },
      { idempotencyKey: `customer-${partnerId}` },
    );
    return customer.id;
  }

  async #setupPage(customer: string, returnUrl: string): Promise<string> {
    const session = await this.#stripe.checkout.sessions.create({
      ...{ mode: 'setup', customer, payment_method_types: ['card'] },
      ...{ success_url: returnUrl, cancel_url: returnUrl },
    });
    if (!session.url) throw new Error('the setup session has no page');
    return session.url;
  }

  async #charge(order: ChargeOrder): Promise<ProviderReading> {
    const { attemptId, invoiceId, partnerId, amount, isPayerPresent } = order;
    if (!isExpressible(amount)) return { state: 'failed', code: 'currency_not_supported', providerId: null };
    try {
      const intent = await this.#stripe.paymentIntents.create(
        {
          ...{ amount: toInteger(amount.minor), currency: amount.currency.toLowerCase() },
          ...{ customer: order.customerId, payment_method: order.methodId, payment_method_types: ['card'] },
          ...{ confirm: true, off_session: !isPayerPresent, return_url: order.returnUrl },
          description: order.description,
          metadata: { attempt_id: attemptId, invoice_id: invoiceId, partner_id: partnerId },
        },
        { idempotencyKey: keyOf(order) },
      );
      return readIntent(intent);
    } catch (error) {
      return refusalOf(error);
    }
  }

  async #findCharge(order: {
    attemptId: string;
    customerId: string;
    paymentId: string | null;
  }): Promise<ProviderReading | null> {
    if (order.paymentId) return readIntent(await this.#stripe.paymentIntents.retrieve(order.paymentId));
    const { data } = await this.#stripe.paymentIntents.list({ customer: order.customerId, limit: RECENT });
    const found = data.find(({ metadata }) => metadata.attempt_id === order.attemptId);
    return found ? readIntent(found) : null;
  }

  async #cancelCharge(paymentId: string): Promise<ProviderReading> {
    try {
      return readIntent(await this.#stripe.paymentIntents.cancel(paymentId));
    } catch (error) {
      // It is not in a state that can be canceled any more: what it is now counts.
      if (readRefusal(error)) return readIntent(await this.#stripe.paymentIntents.retrieve(paymentId));
      throw error;
    }
  }

  async #refund(order: RefundOrder): Promise<ProviderReading> {
    try {
      const refund = await this.#stripe.refunds.create(
        {
          ...{ payment_intent: order.paymentId, amount: toInteger(order.amount.minor) },
          metadata: { attempt_id: order.attemptId },
        },
        { idempotencyKey: keyOf(order) },
      );
      return readRefund(refund);
    } catch (error) {
      return refusalOf(error);
    }
  }

  async #findRefund({ attemptId, paymentId }: Pick<RefundOrder, 'attemptId' | 'paymentId'>) {
    const { data } = await this.#stripe.refunds.list({ payment_intent: paymentId, limit: RECENT });
    const found = data.find(({ metadata }) => metadata?.attempt_id === attemptId);
    return found ? readRefund(found) : null;
  }

  async #methods(customer: string): Promise<ProviderMethod[]> {
    const { data } = await this.#stripe.paymentMethods.list({ customer, type: 'card', limit: RECENT });
    return data.map(({ id, type, card }) => ({
      ...{ id, kind: type, brand: card?.brand ?? null, last4: card?.last4 ?? null },
      expiresOn: card ? { month: card.exp_month, year: card.exp_year } : null,
    }));
  }

  async #detach(methodId: string): Promise<void> {
    try {
      await this.#stripe.paymentMethods.detach(methodId);
    } catch (error) {
      if (!readRefusal(error)) throw error;
    }
  }
}

/** Every sending of an attempt has this key, so that Stripe charges once. */
const keyOf = ({ attemptId }: { readonly attemptId: string }): string => `attempt-${attemptId}`;

/** The stated outcome of an error, or the error. */
/** Stripe counts these in other units than ISO 4217 does (https://docs.stripe.com/currencies, "Special cases" and "Zero-decimal currencies"). */
const COUNTED_OTHERWISE = new Set(['ISK', 'MGA', 'UGX']);

/** Whether Stripe takes the amount as it is: of currencies with three decimals it takes tenths of the last one for nothing. */
function isExpressible({ currency, minor }: ChargeOrder['amount']): boolean {
  if (COUNTED_OTHERWISE.has(currency)) return false;
  return exponentOf(currency) < 3 || minor % 10n === 0n;
}

function refusalOf(error: unknown): ProviderReading {
  const refusal = readRefusal(error);
  if (refusal) return refusal;
  throw error;
}

function aboutOf(object: string | undefined): ProviderEvent['about'] {
  if (object === 'payment_intent') return 'charge';
  if (object === 'refund') return 'refund';
  if (object === 'payment_method' || object === 'setup_intent' || object === 'checkout.session')
    return 'methods';
  return 'other';
}
