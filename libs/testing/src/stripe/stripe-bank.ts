import { randomBytes } from 'node:crypto';
import { type CardBehaviour, TEST_CARDS } from './stripe-cards.ts';

export type StripeObject = { readonly id: string; readonly object: string } & Record<string, unknown>;

/** What an error of Stripe's API says. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(String(body.message ?? body.code ?? body.type));
    this.status = status;
    this.body = body;
  }
}

export interface PaymentIntent extends StripeObject {
  amount: number;
  amount_received: number;
  currency: string;
  customer: string;
  payment_method: string | null;
  status: 'succeeded' | 'requires_payment_method' | 'requires_action' | 'processing' | 'canceled';
  last_payment_error: { code: string; decline_code: string; message: string } | null;
  next_action: {
    type: 'redirect_to_url';
    redirect_to_url: { url: string; return_url: string | null };
  } | null;
  metadata: Record<string, string>;
  return_url: string | null;
}

/** Money that has moved, as the bank would print it. Tests count these. */
export interface BankEntry {
  readonly kind: 'charge' | 'refund';
  readonly paymentIntent: string;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const created = () => Math.floor(Date.now() / 1000);
const id = (prefix: string) => `${prefix}_${randomBytes(12).toString('hex')}`;

/** The objects of one Stripe account, and the money that has moved. `announce` gets each event. */
export class StripeBank {
  readonly objects = new Map<string, StripeObject>();
  /** Every charge and refund, in order. */
  readonly entries: BankEntry[] = [];
  readonly #behaviours = new Map<string, CardBehaviour>();
  readonly #announce: (type: string, object: StripeObject) => void;

  constructor(announce: (type: string, object: StripeObject) => void) {
    this.#announce = announce;
  }

  /** Throws 404 `resource_missing`. */
  get<T extends StripeObject>(objectId: string): T {
    const object = this.objects.get(objectId);
    if (!object) throw missing(objectId);
    return object as T;
  }

  /** Newest first. */
  list<T extends StripeObject>(object: string, matches: (one: T) => boolean): T[] {
    return [...this.objects.values()]
      .filter((one) => one.object === object && matches(one as T))
      .reverse() as T[];
  }

  add<T extends Record<string, unknown>>(prefix: string, object: string, members: T): StripeObject & T {
    const made = { id: id(prefix), object, created: created(), livemode: false, ...members };
    this.objects.set(made.id, made);
    return made;
  }

  /** A card of a customer, as the hosted page adds it. */
  addCard(customer: string, number: string): StripeObject {
    const behaviour = TEST_CARDS[number];
    if (behaviour === undefined)
      throw new StripeRefusal(402, { type: 'card_error', code: 'incorrect_number' });
    this.get(customer);
    const method = this.add('pm', 'payment_method', {
      ...{ type: 'card', customer },
      card: { brand: 'visa', last4: number.slice(-4), exp_month: 12, exp_year: 2034 },
    });
    this.#behaviours.set(method.id, behaviour);
    this.#announce('payment_method.attached', method);
    return method;
  }

  detach(methodId: string): StripeObject {
    const method = this.get<StripeObject & { customer: string | null }>(methodId);
    if (method.customer === null)
      throw new StripeRefusal(400, { type: 'invalid_request_error', code: 'payment_method_unactivated' });
    method.customer = null;
    this.#announce('payment_method.detached', method);
    return method;
  }

  /** Creates and confirms a payment intent. `pageUrl` is where the payer confirms it. */
  charge(
    order: Pick<PaymentIntent, 'amount' | 'currency' | 'customer' | 'metadata' | 'return_url'> & {
      readonly method: string;
      readonly offSession: boolean;
    },
    pageUrl: (intent: string) => string,
  ): PaymentIntent {
    const { method, offSession, ...members } = order;
    const card = this.get<StripeObject & { customer: string | null }>(method);
    if (!(order.amount > 0))
      throw new StripeRefusal(400, {
        type: 'invalid_request_error',
        code: 'parameter_invalid_integer',
        param: 'amount',
      });
    if (card.customer !== order.customer)
      throw new StripeRefusal(400, {
        type: 'invalid_request_error',
        message: 'The payment method is not attached to the customer.',
      });
    const behaviour = this.#behaviours.get(method) ?? 'succeeds';
    const intent: PaymentIntent = this.add('pi', 'payment_intent', {
      ...members,
      ...{ amount_received: 0, payment_method: method, status: 'processing' as const },
      ...{ last_payment_error: null, next_action: null },
    });
    if (behaviour === 'succeeds') this.#succeed(intent);
    else if (behaviour === 'processing') this.#announce('payment_intent.processing', intent);
    else if (behaviour !== 'requires_action') throw this.#decline(intent, behaviour.declines);
    else if (offSession) throw this.#decline(intent, 'authentication_required');
    else {
      intent.status = 'requires_action';
      const url = pageUrl(intent.id);
      intent.next_action = {
        type: 'redirect_to_url',
        redirect_to_url: { url, return_url: intent.return_url },
      };
      this.#announce('payment_intent.requires_action', intent);
    }
    return intent;
  }

  /** The bank decides on a payment that waits. */
  decide(intentId: string, outcome: 'succeeds' | { readonly declines: string }): PaymentIntent {
    const intent = this.get<PaymentIntent>(intentId);
    if (intent.status !== 'processing' && intent.status !== 'requires_action') return intent;
    if (outcome === 'succeeds') this.#succeed(intent);
    else this.#decline(intent, outcome.declines);
    return intent;
  }

  cancel(intentId: string): PaymentIntent {
    const intent = this.get<PaymentIntent>(intentId);
    if (intent.status === 'succeeded' || intent.status === 'processing' || intent.status === 'canceled')
      throw new StripeRefusal(400, {
        type: 'invalid_request_error',
        code: 'payment_intent_unexpected_state',
      });
    intent.status = 'canceled';
    intent.next_action = null;
    this.#announce('payment_intent.canceled', intent);
    return intent;
  }

  refund(intentId: string, amount: number, metadata: Record<string, string>): StripeObject {
    const intent = this.get<PaymentIntent>(intentId);
    const given = this.entries
      .filter(({ kind, paymentIntent }) => kind === 'refund' && paymentIntent === intentId)
      .reduce((sum, entry) => sum + entry.amount, 0);
    if (intent.status !== 'succeeded' || given + amount > intent.amount)
      throw new StripeRefusal(400, { type: 'invalid_request_error', code: 'charge_already_refunded' });
    const { currency } = intent;
    const refund = this.add('re', 'refund', {
      payment_intent: intentId,
      amount,
      currency,
      status: 'succeeded',
      metadata,
    });
    this.entries.push({ kind: 'refund', paymentIntent: intentId, amount, currency, metadata });
    this.#announce('refund.created', refund);
    return refund;
  }

  #succeed(intent: PaymentIntent): void {
    const { id: paymentIntent, amount, currency, metadata } = intent;
    Object.assign(intent, {
      status: 'succeeded',
      amount_received: amount,
      next_action: null,
      last_payment_error: null,
    });
    this.entries.push({ kind: 'charge', paymentIntent, amount, currency, metadata });
    this.#announce('payment_intent.succeeded', intent);
  }

  #decline(intent: PaymentIntent, decline_code: string): StripeRefusal {
    const code = decline_code === 'authentication_required' ? decline_code : 'card_declined';
    const error = { type: 'card_error', code, decline_code, message: 'Your card was declined.' };
    Object.assign(intent, {
      status: 'requires_payment_method',
      next_action: null,
      last_payment_error: error,
    });
    this.#announce('payment_intent.payment_failed', intent);
    return new StripeRefusal(402, { ...error, payment_intent: structuredClone(intent) });
  }
}

const missing = (objectId: string) =>
  new StripeRefusal(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such object: '${objectId}'`,
  });
