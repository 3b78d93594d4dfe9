import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';

/** A row of `accounts`. */
export interface Account {
  readonly partner_id: string;
  readonly plan_id: string;
  readonly opened_at: Date;
  /** The version of the plan that the partner has. */
  readonly plan_version_id: string;
}

export const AccountEntity = new EntitySchema<Account>({
  name: 'Account',
  tableName: 'accounts',
  columns: {
    partner_id: { ...ID, primary: true },
    plan_id: TEXT,
    opened_at: MOMENT,
    plan_version_id: ID,
  },
});
