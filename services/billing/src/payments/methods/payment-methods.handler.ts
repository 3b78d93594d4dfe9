import { HandleRequest } from '@gridworks/bus';
import {
  getPaymentOptions,
  listPage,
  listPaymentMethods,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  removePaymentMethod,
  setDefaultPaymentMethod,
  setUpPaymentMethod,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { PaymentProviders } from '../provider/payment-providers.ts';
import { PaymentCustomerRepository } from './payment-customer.repository.ts';
import { PaymentMethodRepository, presentMethod } from './payment-method.repository.ts';

/** When the payment methods are read although no webhook has said that one was added. */
const LOST_WEBHOOK_MS = 120_000;

/** The payment methods of a partner. Cards are typed in at the provider alone: no number of one ever comes here. */
@Controller()
export class PaymentMethodsHandler {
  constructor(
    private readonly database: Database,
    private readonly methods: PaymentMethodRepository,
    private readonly customers: PaymentCustomerRepository,
    private readonly providers: PaymentProviders,
    @Inject(CONFIG) private readonly config: { readonly PORTAL_URL: string },
  ) {}

  @HandleRequest(getPaymentOptions)
  async options(): Promise<OutputOf<typeof getPaymentOptions>> {
    const provider = this.providers.configured?.name ?? null;
    return { object: 'payment_options', bank_transfer: true, card: provider !== null, provider };
  }

  @HandleRequest(listPaymentMethods)
  async list(
    input: ParsedInputOf<typeof listPaymentMethods>,
    call: CallContext,
  ): Promise<OutputOf<typeof listPaymentMethods>> {
    const page = await this.methods.page(partnerOf(call), input);
    return listPage(listPaymentMethods, { ...page, data: page.data.map(presentMethod) });
  }

  @HandleRequest(setUpPaymentMethod)
  async setUp(
    _input: ParsedInputOf<typeof setUpPaymentMethod>,
    call: CallContext,
  ): Promise<OutputOf<typeof setUpPaymentMethod>> {
    const partner_id = partnerOf(call);
    const provider = this.providers.require();
    let customer_id = await this.customers.find(partner_id, provider.name);
    if (!customer_id) {
      const made = await provider.createCustomer(partner_id);
      const row = { partner_id, provider: provider.name, customer_id: made };
      await this.database.transaction((tx) => this.customers.insert(tx, row, new Date()));
      customer_id = made;
    }
    const customer = customer_id;
    const soon = new Date(Date.now() + LOST_WEBHOOK_MS);
    await this.database.transaction((tx) => this.customers.lookSoon(tx, provider.name, customer, soon));
    const url = await provider.setupPage(customer_id, `${this.config.PORTAL_URL}/billing`);
    return { object: 'payment_method_setup', url };
  }

  @HandleRequest(setDefaultPaymentMethod)
  async setDefault(
    { id }: ParsedInputOf<typeof setDefaultPaymentMethod>,
    call: CallContext,
  ): Promise<OutputOf<typeof setDefaultPaymentMethod>> {
    const partner = partnerOf(call);
    return this.database.transaction(async (tx) =>
      presentMethod(await this.methods.setDefault(tx, partner, id)),
    );
  }

  /** First at the provider: a method that is gone there is found gone at the next reading, whatever happens here. */
  @HandleRequest(removePaymentMethod)
  async remove(
    { id }: ParsedInputOf<typeof removePaymentMethod>,
    call: CallContext,
  ): Promise<OutputOf<typeof removePaymentMethod>> {
    const partner = partnerOf(call);
    const method = await this.methods.read(partner, id);
    await this.providers.require(method.provider).detach(method.provider_method_id);
    return this.database.transaction(async (tx) =>
      presentMethod(await this.methods.remove(tx, partner, id, new Date())),
    );
  }
}
