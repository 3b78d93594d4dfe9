import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { type BillingProfile, emptyProfile } from './billing-profile.ts';

const COLUMNS = [
  ...(['partner_id', 'legal_name', 'address_lines', 'city', 'postal_code', 'country', 'state'] as const),
  ...(['tax_id', 'currency', 'locale', 'time_zone', 'email', 'updated_at'] as const),
] satisfies (keyof BillingProfile)[];
const FIND = `select ${COLUMNS.join(', ')} from billing_profiles where partner_id = $1`;

@Injectable()
export class BillingProfileRepository {
  constructor(private readonly database: Database) {}

  /** The profile of a partner; an empty one when it has set nothing. */
  async get(partnerId: string): Promise<BillingProfile> {
    const [row]: BillingProfile[] = await this.database.read((manager) => manager.query(FIND, [partnerId]));
    return row ?? emptyProfile(partnerId);
  }

  /** The same within a transaction, which nobody changes meanwhile. */
  async hold(tx: Transaction, partnerId: string): Promise<BillingProfile> {
    const [row] = await tx.prepared<BillingProfile>(`${FIND} for update`, [partnerId]);
    return row ?? emptyProfile(partnerId);
  }

  async put(tx: Transaction, profile: BillingProfile): Promise<void> {
    const changed = COLUMNS.filter((column) => column !== 'partner_id');
    await tx.prepared(
      `insert into billing_profiles (${COLUMNS.join(', ')})
       values (${COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})
       on conflict (partner_id) do update set ${changed.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      COLUMNS.map((column) => profile[column]),
    );
  }
}
