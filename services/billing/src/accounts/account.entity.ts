import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';

/** A row of `accounts`: since when a partner is known here. What it has bought is in `subscriptions`. */
export interface Account {
  readonly partner_id: string;
  /** Written by earlier releases; read by none. */
  readonly plan_id: string | null;
  readonly opened_at: Date;
  /** As `plan_id`. */
  readonly plan_version_id: string | null;
}

export const AccountEntity = new EntitySchema<Account>({
  name: 'Account',
  tableName: 'accounts',
  columns: {
    partner_id: { ...ID, primary: true },
    plan_id: { ...TEXT, nullable: true },
    opened_at: MOMENT,
    plan_version_id: { ...ID, nullable: true },
  },
});
