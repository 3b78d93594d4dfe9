import type { Logger } from '@gridworks/observability';
import { Database, WakeableLoop } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { PaymentProviders } from '../provider/payment-providers.ts';
import { type PaymentCustomer, PaymentCustomerRepository } from './payment-customer.repository.ts';
import { PaymentMethodRepository } from './payment-method.repository.ts';

const LEASE_MS = 60_000;
const POLL_MS = 15_000;

/** Reads the payment methods of customers about whom the provider said something. */
@Injectable()
export class SynchronizeMethods implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new WakeableLoop(() => this.#run());

  constructor(
    private readonly database: Database,
    private readonly customers: PaymentCustomerRepository,
    private readonly methods: PaymentMethodRepository,
    private readonly providers: PaymentProviders,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.providers.configured) void this.database.whenReady().then(() => this.#loop.start());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#loop.stop();
  }

  wake(): void {
    this.#loop.wake();
  }

  async #run(): Promise<number> {
    for (;;) {
      const now = new Date();
      let customer: PaymentCustomer | null = null;
      try {
        customer = await this.customers.claim(now, LEASE_MS);
        if (!customer) return POLL_MS;
        await this.#synchronize(customer, new Date(now.getTime() + LEASE_MS));
      } catch (error) {
        this.logger.log('payment_methods.read_failed', { error, partner_id: customer?.partner_id });
        if (customer) await this.#again(customer);
        return POLL_MS;
      }
    }
  }

  /** Sooner than the lease ends; while the database is away, the lease has to end. */
  async #again({ provider, customer_id }: PaymentCustomer): Promise<void> {
    const soon = new Date(Date.now() + POLL_MS);
    await this.database
      .transaction((tx) => this.customers.lookSoon(tx, provider, customer_id, soon))
      .catch(() => undefined);
  }

  async #synchronize(customer: PaymentCustomer, leaseEnd: Date): Promise<void> {
    const { partner_id, provider, customer_id } = customer;
    const methods = await this.providers.require(provider).methods(customer_id);
    await this.database.transaction(async (tx) => {
      await this.methods.synchronize(tx, partner_id, provider, methods, new Date());
      await this.customers.looked(tx, customer, leaseEnd);
    });
  }
}
