import type { PaymentIntent, StripeBank, StripeObject } from './stripe-bank.ts';
import { StripeRefusal } from './stripe-bank.ts';
import { type FormValue, membersOf, textOf } from './stripe-form.ts';

interface ApiCall {
  readonly form: Record<string, FormValue>;
  readonly query: URLSearchParams;
  readonly id: string;
  /** Where the pages of the server are: `http://127.0.0.1:1234`. */
  readonly origin: string;
}
type Handler = (bank: StripeBank, call: ApiCall) => unknown;

const listOf = (data: unknown[], url: string) => ({ object: 'list', url, has_more: false, data });
const text = (form: Record<string, FormValue>, name: string): string => {
  const value = textOf(form, name);
  if (value === undefined)
    throw new StripeRefusal(400, { type: 'invalid_request_error', code: 'parameter_missing', param: name });
  return value;
};
const ofCustomer = (query: URLSearchParams) => (one: StripeObject) => one.customer === query.get('customer');

/** The part of Stripe's API that the portal uses. `:id` is one part of the path. */
export const STRIPE_ROUTES: Readonly<Record<string, Handler>> = {
  'POST /v1/customers': (bank, { form }) => {
    const members = { email: textOf(form, 'email') ?? null, name: textOf(form, 'name') ?? null };
    return bank.add('cus', 'customer', { ...members, metadata: membersOf(form, 'metadata') });
  },
  'GET /v1/customers/:id': (bank, { id }) => bank.get(id),
  'GET /v1/payment_methods': (bank, { query }) =>
    listOf(bank.list('payment_method', ofCustomer(query)), '/v1/payment_methods'),
  'POST /v1/payment_methods/:id/detach': (bank, { id }) => bank.detach(id),
  'POST /v1/checkout/sessions': (bank, { form, origin }) => {
    const customer = bank.get(text(form, 'customer')).id;
    if (text(form, 'mode') !== 'setup')
      throw new StripeRefusal(400, { type: 'invalid_request_error', param: 'mode' });
    const setup = bank.add('seti', 'setup_intent', {
      customer,
      status: 'requires_payment_method',
      payment_method: null,
    });
    const session = bank.add('cs', 'checkout.session', {
      ...{ mode: 'setup', status: 'open', customer, setup_intent: setup.id, url: '' },
      ...{ success_url: text(form, 'success_url'), cancel_url: textOf(form, 'cancel_url') ?? null },
    });
    return Object.assign(session, { url: `${origin}/pay/${session.id}` });
  },
  'GET /v1/checkout/sessions/:id': (bank, { id }) => bank.get(id),
  'GET /v1/setup_intents/:id': (bank, { id }) => bank.get(id),
  'POST /v1/payment_intents': (bank, { form, origin }) =>
    bank.charge(
      {
        ...{
          amount: Number(text(form, 'amount')),
          currency: text(form, 'currency'),
          customer: text(form, 'customer'),
        },
        ...{ method: text(form, 'payment_method'), offSession: textOf(form, 'off_session') === 'true' },
        ...{ metadata: membersOf(form, 'metadata'), return_url: textOf(form, 'return_url') ?? null },
      },
      (intent) => `${origin}/confirm/${intent}`,
    ),
  'GET /v1/payment_intents': (bank, { query }) =>
    listOf(bank.list<PaymentIntent>('payment_intent', ofCustomer(query)), '/v1/payment_intents'),
  'GET /v1/payment_intents/:id': (bank, { id }) => bank.get(id),
  'POST /v1/payment_intents/:id/cancel': (bank, { id }) => bank.cancel(id),
  'POST /v1/refunds': (bank, { form }) =>
    bank.refund(text(form, 'payment_intent'), Number(text(form, 'amount')), membersOf(form, 'metadata')),
  'GET /v1/refunds': (bank, { query }) =>
    listOf(
      bank.list('refund', (one) => one.payment_intent === query.get('payment_intent')),
      '/v1/refunds',
    ),
  'GET /v1/refunds/:id': (bank, { id }) => bank.get(id),
};

/** The handler of a request, and the id in its path. Throws 404 for what is not here. */
export function findRoute(method: string, path: string): { handler: Handler; id: string } {
  for (const [route, handler] of Object.entries(STRIPE_ROUTES)) {
    const [of, pattern = ''] = route.split(' ');
    const match = of === method && new RegExp(`^${pattern.replace(':id', '([A-Za-z0-9_]+)')}$`).exec(path);
    if (match) return { handler, id: match[1] ?? '' };
  }
  throw new StripeRefusal(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}).`,
  });
}
