import { type PaymentIntent, type StripeBank, type StripeObject, StripeRefusal } from './stripe-bank.ts';
import { TEST_CARDS } from './stripe-cards.ts';

/** A page, or the address where the browser goes next. */
export type PageResult = { readonly html: string } | { readonly location: string };

const page = (title: string, body: string) => ({
  html: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<h1>${title}</h1><form method="post">${body}</form></html>`,
});

/** The hosted page that adds a card (`/pay/:session`), and that of the bank (`/confirm/:intent`), which a person or a test clicks. */
export function servePage(
  bank: StripeBank,
  announce: (type: string, object: StripeObject) => void,
  path: string,
  form: URLSearchParams | null,
): PageResult {
  const [, kind, id = ''] = path.split('/');
  if (kind === 'pay') return payPage(bank, announce, id, form);
  if (kind === 'confirm') return confirmPage(bank, id, form);
  throw new StripeRefusal(404, { message: 'no such page' });
}

function payPage(
  bank: StripeBank,
  announce: (type: string, object: StripeObject) => void,
  id: string,
  form: URLSearchParams | null,
): PageResult {
  const session = bank.get<StripeObject & { customer: string; setup_intent: string; success_url: string }>(
    id,
  );
  if (!form) {
    const cards = Object.keys(TEST_CARDS).map((number) => `<option>${number}</option>`);
    return page(
      'Add a payment method',
      `<label>Card <select name="card">${cards.join('')}</select></label> <button>Save</button>`,
    );
  }
  if (session.status === 'open') {
    const method = bank.addCard(session.customer, form.get('card') ?? '');
    const setup = Object.assign(bank.get(session.setup_intent), {
      status: 'succeeded',
      payment_method: method.id,
    });
    Object.assign(session, { status: 'complete' });
    announce('setup_intent.succeeded', setup);
    announce('checkout.session.completed', session);
  }
  return { location: session.success_url };
}

function confirmPage(bank: StripeBank, id: string, form: URLSearchParams | null): PageResult {
  const intent = bank.get<PaymentIntent>(id);
  if (!form)
    return page(
      'Confirm the payment',
      '<button name="decision" value="confirm">Confirm</button> <button name="decision" value="refuse">Refuse</button>',
    );
  bank.decide(id, form.get('decision') === 'confirm' ? 'succeeds' : { declines: 'authentication_required' });
  return { location: intent.return_url ?? '/' };
}
