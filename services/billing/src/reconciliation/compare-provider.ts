import type { Database } from '@gridworks/persistence';
import type { PaymentProvider } from '../payments/provider/payment-provider.ts';
import type { Difference } from './difference.ts';

/** A payment is asked for in so many days after it was settled. */
const DAYS = 3;
const AT_ONCE = 100;
const ATTEMPTS_SQL = `
  select attempt.id, attempt.kind, attempt.state, attempt.provider_id, customer.customer_id, charge.provider_id as charge_id
  from payment_attempts attempt
    left join payment_customers customer on customer.partner_id = attempt.partner_id and customer.provider = attempt.provider
    left join payment_attempts charge on charge.id = attempt.refunds
  where attempt.provider = $1 and attempt.state in ('succeeded', 'failed') and attempt.settled_at > $2::timestamptz - make_interval(days => ${DAYS})
    and attempt.provider_id is not null and attempt.id > $3
  order by attempt.id limit ${AT_ONCE}`;

interface Row {
  readonly id: string;
  readonly kind: 'charge' | 'refund';
  readonly state: 'succeeded' | 'failed';
  readonly provider_id: string;
  readonly customer_id: string | null;
  /** The provider's id of the charge that a refund pays back. */
  readonly charge_id: string | null;
}

/**
 * Whether the payment provider says of each payment that was settled in the last days what is stored. Returns the number of payments
 * that were asked for. Rejects when the provider does not respond.
 */
export async function compareProvider(
  database: Database,
  provider: PaymentProvider,
  now: Date,
  differences: Difference[],
): Promise<number> {
  let asked = 0;
  for (let last = ''; ; ) {
    const page = await database.read<Row[]>((manager) =>
      manager.query(ATTEMPTS_SQL, [provider.name, now, last]),
    );
    for (const row of page) {
      const reading = await find(provider, row);
      asked++;
      if (reading === row.state) continue;
      differences.push({
        id: row.id,
        what: `${provider.name} says that the ${row.kind} ${row.provider_id} is ${reading ?? 'not there'}, and it is stored as ${row.state}`,
      });
    }
    if (page.length < AT_ONCE) return asked;
    last = page.at(-1)?.id ?? '';
  }
}

async function find(provider: PaymentProvider, row: Row): Promise<string | null> {
  const found =
    row.kind === 'refund'
      ? await provider.findRefund({ attemptId: row.id, paymentId: row.charge_id ?? '' })
      : await provider.findCharge({
          attemptId: row.id,
          customerId: row.customer_id ?? '',
          paymentId: row.provider_id,
        });
  return found?.state ?? null;
}
