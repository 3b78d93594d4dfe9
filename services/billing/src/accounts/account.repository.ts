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
  insert into accounts (partner_id, plan_id, opened_at, plan_version_id)
  select $1, version.plan, $2, version.id from plan_versions version where ${latestOf('$3')}
  on conflict do nothing`;
const VERSIONS_SQL = `
  select given.id as partner_id, ${PLAN_VERSION_COLUMNS}
  from unnest($1::text[]) as given (id)
    left join accounts account on account.partner_id = given.id
    join plan_versions version on case when account.plan_version_id is null
      then ${latestOf('$2')} else version.id = account.plan_version_id end`;

@Injectable()
export class AccountRepository {
  constructor(private readonly database: Database) {}

  /** Opens an account with the newest version of the first plan. Does nothing when the account exists already. */
  async open(tx: Transaction, partnerId: string, openedAt: Date): Promise<void> {
    await tx.prepared(OPEN_SQL, [partnerId, openedAt, FIRST_PLAN]);
  }

  /**
   * The plan version of each partner: the one place that knows which version a partner has. The newest one of the first plan for a
   * partner whose account is not opened yet.
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
