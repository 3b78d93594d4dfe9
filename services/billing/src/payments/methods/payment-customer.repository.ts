import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

export interface PaymentCustomer {
  readonly partner_id: string;
  readonly provider: string;
  readonly customer_id: string;
}

/** How a partner is called at the provider. */
@Injectable()
export class PaymentCustomerRepository {
  constructor(private readonly database: Database) {}

  async find(partnerId: string, provider: string): Promise<string | null> {
    const [row] = await this.database.read<PaymentCustomer[]>((manager) =>
      manager.query('select customer_id from payment_customers where partner_id = $1 and provider = $2', [
        partnerId,
        provider,
      ]),
    );
    return row?.customer_id ?? null;
  }

  async insert(
    tx: Transaction,
    { partner_id, provider, customer_id }: PaymentCustomer,
    now: Date,
  ): Promise<void> {
    await tx.prepared(
      `insert into payment_customers (partner_id, provider, customer_id, created_at) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [partner_id, provider, customer_id, now],
    );
  }

  /** Has the payment methods of a customer read at this moment, or before. Returns the partner; null for a customer that is none of ours. */
  async lookSoon(tx: Transaction, provider: string, customerId: string, now: Date): Promise<string | null> {
    const [row] = await tx.prepared<PaymentCustomer>(
      `update payment_customers set next_look_at = least(next_look_at, $3) where provider = $1 and customer_id = $2 returning partner_id`,
      [provider, customerId, now],
    );
    return row?.partner_id ?? null;
  }

  /** Takes a customer whose payment methods are to be read, for as long as the lease; null when there is none. */
  async claim(now: Date, leaseMs: number): Promise<PaymentCustomer | null> {
    const rows = await this.database.transaction((tx) =>
      tx.prepared<PaymentCustomer>(
        `update payment_customers set next_look_at = $2
         where (partner_id, provider) = (select partner_id, provider from payment_customers
           where next_look_at <= $1 order by next_look_at limit 1 for update skip locked)
         returning partner_id, provider, customer_id`,
        [now, new Date(now.getTime() + leaseMs)],
      ),
    );
    return rows[0] ?? null;
  }

  /** The methods were read: nothing is due, unless another event has come since `claimed`. */
  async looked(tx: Transaction, { partner_id, provider }: PaymentCustomer, leaseEnd: Date): Promise<void> {
    await tx.prepared(
      'update payment_customers set next_look_at = null where partner_id = $1 and provider = $2 and next_look_at = $3',
      [partner_id, provider, leaseEnd],
    );
  }
}
