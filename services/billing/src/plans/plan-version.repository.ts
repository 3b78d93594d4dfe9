import type { PlanTerms, PlanVersion } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

/** A row of `plan_versions`, as far as a plan version shows it. */
export interface PlanVersionRow {
  readonly id: string;
  readonly plan: string;
  readonly version: number;
  readonly status: PlanVersion['status'];
  readonly terms: PlanTerms;
  readonly published_at: Date | null;
}

/** The columns of a `PlanVersionRow`; the table is called `version`. */
export const PLAN_VERSION_COLUMNS =
  'version.id, version.plan, version.version, version.status, version.terms, version.published_at';

/** The plan of every new account, and of partners without one. */
export const FIRST_PLAN = 'free';

/** A condition of SQL: the newest published version of the plan whose id is this expression. */
export const latestOf = (plan: string): string =>
  `version.id = (select id from plan_versions where plan = ${plan} and status = 'published' order by version desc limit 1)`;

@Injectable()
export class PlanVersionRepository implements OnApplicationBootstrap {
  #published: readonly PlanVersion[] | null = null;

  constructor(private readonly database: Database) {}

  /** Reads the plans once, so that they are known when the database goes away before anybody asked. */
  onApplicationBootstrap(): void {
    const read = async () => {
      await this.database.whenReady();
      await this.published();
    };
    read().catch(() => undefined);
  }

  /**
   * The newest published version of each plan. While the database is away those of the last time; throws
   * `PLATFORM.UNAVAILABLE` when there was none.
   */
  async published(): Promise<readonly PlanVersion[]> {
    try {
      this.#published = await this.#select(`where ${latestOf('version.plan')} order by version.plan`);
    } catch (error) {
      if (!this.#published) throw error;
    }
    return this.#published;
  }

  /** The newest published version of a plan; null when it has none. */
  async latest(plan: string): Promise<PlanVersion | null> {
    return (await this.#select(`where ${latestOf('$1')}`, [plan]))[0] ?? null;
  }

  /** One version, in any state; null when there is none with this id. */
  async get(id: string): Promise<PlanVersion | null> {
    return (await this.#select('where version.id = $1', [id]))[0] ?? null;
  }

  async #select(rest: string, parameters: readonly string[] = []): Promise<PlanVersion[]> {
    const rows: PlanVersionRow[] = await this.database.read((manager) =>
      manager.query(`select ${PLAN_VERSION_COLUMNS} from plan_versions version ${rest}`, [...parameters]),
    );
    return rows.map(presentVersion);
  }
}

/** A row as the API shows it. */
export function presentVersion({
  id,
  plan,
  version,
  status,
  terms,
  published_at,
}: PlanVersionRow): PlanVersion {
  return {
    ...{ object: 'plan_version', id, plan, version, status },
    ...terms,
    published_at: published_at?.toISOString() ?? null,
  };
}
