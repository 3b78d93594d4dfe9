import type { PlanVersion } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import {
  FIRST_PLAN,
  latestOf,
  PLAN_VERSION_COLUMNS,
  type PlanVersionRow,
  presentVersion,
} from '../plans/plan-version.repository.ts';

const OPEN_SQL = `
  insert into accounts (partner_id, opened_at) values ($1, $2) on conflict do nothing`;
const VERSIONS_SQL = `
  select given.id as partner_id, ${PLAN_VERSION_COLUMNS}
  from unnest($1::text[]) as given (id)
    left join subscriptions subscription
      on subscription.partner_id = given.id and subscription.status not in ('paused', 'canceled')
    join plan_versions version on case when subscription.id is null
      then ${latestOf('$2')} else version.id = subscription.plan_version_id end`;

@Injectable()
export class AccountRepository {
  constructor(private readonly database: Database) {}

  /** Does nothing when the account exists already. */
  async open(tx: Transaction, partnerId: string, openedAt: Date): Promise<void> {
    await tx.prepared(OPEN_SQL, [partnerId, openedAt]);
  }

  /** Whether the partner has an account: every registered partner gets one. */
  async exists(tx: Transaction, partnerId: string): Promise<boolean> {
    return (await tx.prepared('select 1 from accounts where partner_id = $1', [partnerId])).length > 0;
  }

  /**
   * The plan version of each partner: the one place that says which limits and prices a partner has. It is that of the subscription; the
   * newest one of the first plan while that is paused, and for a partner whose registration is not known yet.
   */
  async planVersions(partnerIds: readonly string[]): Promise<Map<string, PlanVersion>> {
    const rows = await this.database.read<(PlanVersionRow & { readonly partner_id: string })[]>((manager) =>
      manager.query(VERSIONS_SQL, [partnerIds, FIRST_PLAN]),
    );
    return new Map(rows.map((row) => [row.partner_id, presentVersion(row)]));
  }

  /** The plan version of one partner; see `planVersions`. */
  async planVersion(partnerId: string): Promise<PlanVersion> {
    const version = (await this.planVersions([partnerId])).get(partnerId);
    if (!version) throw new Error(`the plan ${FIRST_PLAN} has no published version`);
    return version;
  }
}
