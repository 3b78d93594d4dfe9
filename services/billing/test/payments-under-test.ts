import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bus } from '@gridworks/bus';
import {
  AppError,
  getPayment,
  newId,
  type OutputOf,
  type Principal,
  payInvoice,
  receiveProviderEvent,
  setUpPaymentMethod,
} from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { eventually } from '@gridworks/testing';
import type { InstanceUnderTest, ServiceUnderTest } from '@gridworks/testing/service';
import { StripeServer } from '@gridworks/testing/stripe';
import type { Provider } from '@nestjs/common';
import { InvoiceRepository } from '../src/invoices/invoice.repository.ts';
import type { InvoiceDocument } from '../src/invoices/invoice-document.ts';
import { LedgerRepository } from '../src/ledger/ledger.repository.ts';
import { ON_PAYMENT_STEP, type PaymentStep } from '../src/payments/attempts/fail-points.ts';
import { PAYMENT_TIMES, type PaymentTimes } from '../src/payments/attempts/payment-times.ts';
import { TIMES } from '../src/payments/attempts/perform-payment.ts';
import { startBilling } from './billing-under-test.ts';
import { SAMPLE_INVOICES } from './sample-invoices.ts';

const sample = SAMPLE_INVOICES['one-line'] as InvoiceDocument;

/** Waits that do not slow a test down. */
export const SHORT_TIMES: PaymentTimes = {
  ...{ ...PAYMENT_TIMES, leaseMs: 1500, lookMs: 50, lookMaxMs: 200, pollMs: 100 },
};

/** A member who may pay. */
export const accountant = (partnerId: string): { principal: Principal } => ({
  principal: {
    ...{ kind: 'session', id: newId('session'), partner_id: partnerId, user_id: newId('user') },
    ...{ role: 'billing', mode: null, authenticated_at: new Date().toISOString() },
  },
});
export const platformAdmin = (): { principal: Principal } => ({
  principal: {
    ...{ kind: 'session', id: newId('session'), partner_id: null, user_id: newId('user') },
    ...{ role: 'platform_admin', mode: null, authenticated_at: new Date().toISOString() },
  },
});

/** Billing with a payment provider that speaks over real HTTP, and the webhooks of that provider. */
export class PaymentsUnderTest {
  readonly stripe: StripeServer;
  readonly billing: ServiceUnderTest;
  readonly instance: InstanceUnderTest;
  readonly gateway: Bus;
  readonly database: Database;
  readonly ledger: LedgerRepository;
  readonly invoices: InvoiceRepository;
  readonly webhookUrl: string;
  /** Called at each step of a payment. */
  onStep: (step: PaymentStep, attemptId: string) => Promise<void> = async () => undefined;
  readonly #close: () => void;
  static #year = 3000;

  private constructor(
    stripe: StripeServer,
    billing: ServiceUnderTest,
    instance: InstanceUnderTest,
    gateway: Bus,
    door: { readonly url: string; readonly close: () => void },
  ) {
    this.stripe = stripe;
    this.billing = billing;
    this.instance = instance;
    this.gateway = gateway;
    this.database = instance.module.get(Database);
    this.ledger = new LedgerRepository(this.database);
    this.invoices = new InvoiceRepository(this.database, this.ledger);
    this.webhookUrl = door.url;
    this.#close = door.close;
  }

  static async start(times: PaymentTimes = SHORT_TIMES): Promise<PaymentsUnderTest> {
    const stripe = await StripeServer.start();
    const environment = {
      ...{ STRIPE_SECRET_KEY: stripe.secretKey, STRIPE_WEBHOOK_SECRET: stripe.webhookSecret },
      STRIPE_API_BASE: stripe.url,
    };
    let test: PaymentsUnderTest | undefined;
    const onStep = async (step: PaymentStep, id: string) => test?.onStep(step, id);
    const providers: Provider[] = [
      { provide: TIMES, useValue: times },
      { provide: ON_PAYMENT_STEP, useValue: onStep },
    ];
    const billing = await startBilling(environment, providers);
    const instance = await billing.startInstance();
    await instance.module.get(Database).whenReady();
    const gateway = await billing.startGateway();
    const door = await openWebhookDoor(gateway);
    stripe.sendWebhooks({ url: door.url });
    test = new PaymentsUnderTest(stripe, billing, instance, gateway, door);
    return test;
  }

  async stop(): Promise<void> {
    await this.stripe.stop();
    this.#close();
    await this.billing.stop();
  }

  /** A finalized invoice over 58.31 EUR, with a number of a series of its own. Its event is left out: the test decides when it is charged. */
  async invoice(partner: string, changes: Partial<InvoiceDocument> = {}): Promise<string> {
    const document = { ...sample, issuedOn: `${PaymentsUnderTest.#year++}-12-01`, ...changes };
    return this.database.transaction(async (real) => {
      const tx: Transaction = {
        manager: real.manager,
        prepared: (sql, values) => real.prepared(sql, values),
        emit: () => undefined,
      };
      const id = await this.invoices.createDraft(tx, partner, document);
      await this.invoices.finalize(tx, partner, id, new Date());
      return id;
    });
  }

  /** Adds a card on the hosted page, as a person does. Returns once it is here. */
  async card(partner: string, number: string): Promise<void> {
    const { url } = await this.gateway.request(setUpPaymentMethod, {}, accountant(partner));
    const before = await this.#methods(partner);
    await fetch(url, { method: 'POST', body: new URLSearchParams({ card: number }), redirect: 'manual' });
    await eventually(async () => (await this.#methods(partner)) > before);
  }

  pay(partner: string, id: string): Promise<OutputOf<typeof payInvoice>> {
    const options = { ...accountant(partner), idempotencyKey: crypto.randomUUID() };
    return this.gateway.request(payInvoice, { id }, options);
  }

  /** The payment once it has this status. */
  async settled(partner: string, id: string, status: string): Promise<OutputOf<typeof getPayment>> {
    return eventually(
      async () => {
        const payment = await this.gateway.request(getPayment, { id }, accountant(partner));
        if (payment.status !== status) throw new Error(`${id} is ${payment.status}, not ${status}`);
        return payment;
      },
      { timeoutMs: 15_000 },
    );
  }

  async balance(partner: string): Promise<Record<string, bigint>> {
    const all = await this.ledger.balances(partner);
    return Object.fromEntries(all.map(({ account, amount }) => [account, amount]));
  }

  async #methods(partner: string): Promise<number> {
    const rows = await this.billing.query(
      'select 1 from payment_methods where partner_id = $1 and removed_at is null',
      [partner],
    );
    return rows.length;
  }
}

/** Takes webhooks as the gateway does: the bytes as they came, and the status of the outcome. */
async function openWebhookDoor(gateway: Bus): Promise<{ url: string; close: () => void }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const signature = String(request.headers['stripe-signature']);
    const body = Buffer.concat(chunks).toString('base64');
    const status = await gateway.request(receiveProviderEvent, { provider: 'stripe', signature, body }).then(
      () => 200,
      (error: unknown) => (error instanceof AppError && error.kind === 'invalid_input' ? 400 : 503),
    );
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
