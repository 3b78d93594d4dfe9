import {
  AppError,
  newId,
  PAYMENT_METHOD_NOT_FOUND,
  type Page,
  pageOf,
  type paymentMethodSchema,
} from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { ProviderMethod } from '../provider/payment-provider.ts';

/** A way in which a partner pays, as the provider keeps it. */
export interface PaymentMethod {
  readonly id: string;
  readonly partner_id: string;
  readonly provider: string;
  readonly provider_method_id: string;
  readonly kind: string;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expires_month: number | null;
  readonly expires_year: number | null;
  readonly is_default: boolean;
  readonly created_at: Date;
  readonly removed_at: Date | null;
}

const COLUMNS =
  'id, partner_id, provider, provider_method_id, kind, brand, last4, expires_month, expires_year, is_default, created_at, removed_at';

@Injectable()
export class PaymentMethodRepository {
  constructor(private readonly database: Database) {}

  /** The one that invoices are charged to; null without one. */
  async findDefault(tx: Transaction, partnerId: string, provider: string): Promise<PaymentMethod | null> {
    const [row] = await tx.prepared<PaymentMethod>(
      `select ${COLUMNS} from payment_methods
       where partner_id = $1 and provider = $2 and is_default and removed_at is null`,
      [partnerId, provider],
    );
    return row ?? null;
  }

  /** Throws `BILLING.PAYMENT_METHOD_NOT_FOUND`, also when it was removed. */
  async get(tx: Transaction, partnerId: string, id: string): Promise<PaymentMethod> {
    const [row] = await tx.prepared<PaymentMethod>(
      `select ${COLUMNS} from payment_methods where partner_id = $1 and id = $2 and removed_at is null`,
      [partnerId, id],
    );
    return found(row);
  }

  /** The same, outside of a transaction. */
  async read(partnerId: string, id: string): Promise<PaymentMethod> {
    const [row] = await this.database.read<PaymentMethod[]>((manager) =>
      manager.query(
        `select ${COLUMNS} from payment_methods where partner_id = $1 and id = $2 and removed_at is null`,
        [partnerId, id],
      ),
    );
    return found(row);
  }

  /** The provider's id of a payment method, removed or not. */
  async providerIdOf(tx: Transaction, id: string): Promise<string> {
    const [row] = await tx.prepared<{ provider_method_id: string }>(
      'select provider_method_id from payment_methods where id = $1',
      [id],
    );
    if (!row) throw new AppError(PAYMENT_METHOD_NOT_FOUND);
    return row.provider_method_id;
  }

  async page(partnerId: string, query: ListPageQuery): Promise<Page<PaymentMethod>> {
    const from = '(select * from payment_methods where removed_at is null) payment_methods';
    const source = { table: 'payment_methods', columns: COLUMNS, from, list: { partner_id: partnerId } };
    const rows = await this.database.read((manager) => readListPage<PaymentMethod>(manager, source, query));
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  async setDefault(tx: Transaction, partnerId: string, id: string): Promise<PaymentMethod> {
    await this.#lock(tx, partnerId);
    await this.get(tx, partnerId, id);
    await tx.prepared(
      'update payment_methods set is_default = false where partner_id = $1 and is_default and id <> $2',
      [partnerId, id],
    );
    const [row] = await tx.prepared<PaymentMethod>(
      `update payment_methods set is_default = true where id = $1 returning ${COLUMNS}`,
      [id],
    );
    return found(row);
  }

  /** Marks it as removed; the newest one that is left becomes the default. */
  async remove(tx: Transaction, partnerId: string, id: string, now: Date): Promise<PaymentMethod> {
    await this.#lock(tx, partnerId);
    const [row] = await tx.prepared<PaymentMethod>(
      `update payment_methods set removed_at = $3, is_default = false
       where partner_id = $1 and id = $2 and removed_at is null returning ${COLUMNS}`,
      [partnerId, id, now],
    );
    await this.#keepDefault(tx, partnerId);
    return found(row);
  }

  /** Makes the rows what the provider has: new ones are added, those that are gone there are removed. */
  async synchronize(
    tx: Transaction,
    partnerId: string,
    provider: string,
    methods: readonly ProviderMethod[],
    now: Date,
  ): Promise<void> {
    await this.#lock(tx, partnerId);
    for (const { id, kind, brand, last4, expiresOn } of methods)
      await tx.prepared(
        `insert into payment_methods (id, partner_id, provider, provider_method_id, kind, brand, last4, expires_month, expires_year, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (provider, provider_method_id) do update
         set brand = excluded.brand, last4 = excluded.last4, expires_month = excluded.expires_month, expires_year = excluded.expires_year`,
        [
          ...[newId('paymentMethod'), partnerId, provider, id, kind, brand, last4],
          ...[expiresOn?.month ?? null, expiresOn?.year ?? null, now],
        ],
      );
    await tx.prepared(
      `update payment_methods set removed_at = $4, is_default = false
       where partner_id = $1 and provider = $2 and removed_at is null and provider_method_id <> all ($3)`,
      [partnerId, provider, methods.map(({ id }) => id), now],
    );
    await this.#keepDefault(tx, partnerId);
  }

  /** One change of a partner's payment methods after another. */
  async #lock(tx: Transaction, partnerId: string): Promise<void> {
    await tx.prepared('select 1 from payment_customers where partner_id = $1 for update', [partnerId]);
  }

  async #keepDefault(tx: Transaction, partnerId: string): Promise<void> {
    await tx.prepared(
      `update payment_methods set is_default = true
       where id = (select id from payment_methods where partner_id = $1 and removed_at is null order by id desc limit 1)
         and not exists (select from payment_methods where partner_id = $1 and is_default)`,
      [partnerId],
    );
  }
}

/** As the API shows it. */
export const presentMethod = (method: PaymentMethod): z.output<typeof paymentMethodSchema> => ({
  ...{ object: 'payment_method', id: method.id, kind: method.kind, brand: method.brand, last4: method.last4 },
  expires:
    method.expires_month && method.expires_year
      ? { month: method.expires_month, year: method.expires_year }
      : null,
  ...{ is_default: method.is_default, created_at: method.created_at.toISOString() },
});

function found(row: PaymentMethod | undefined): PaymentMethod {
  if (!row) throw new AppError(PAYMENT_METHOD_NOT_FOUND);
  return row;
}
