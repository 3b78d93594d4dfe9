import { newId, type Page, type PlanTerms, type PlanVersion, pageOf } from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
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

const COLUMNS = 'id, plan, version, status, terms, published_at';

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

  /** All versions, of one plan where it is given, newest first. */
  async page(plan: string | undefined, query: ListPageQuery): Promise<Page<PlanVersion>> {
    const source = { table: 'plan_versions', columns: COLUMNS, list: {}, where: { plan } };
    const rows = await this.database.read((manager) => readListPage<PlanVersionRow>(manager, source, query));
    const { data, has_more } = pageOf(rows, query.limit, query.ending_before !== undefined);
    return { data: data.map(presentVersion), has_more };
  }

  /** Locks a version until the transaction ends; null when there is none with this id. */
  async hold(tx: Transaction, id: string): Promise<PlanVersion | null> {
    await this.#lockAll(tx);
    const [row] = await tx.prepared<PlanVersionRow>(`select ${COLUMNS} from plan_versions where id = $1`, [
      id,
    ]);
    return row ? presentVersion(row) : null;
  }

  /** The next version of a plan, as a draft. */
  async createDraft(tx: Transaction, plan: string, terms: PlanTerms, at: Date): Promise<PlanVersion> {
    await this.#lockAll(tx);
    const [row] = await tx.prepared<PlanVersionRow>(
      `insert into plan_versions (id, plan, version, terms, created_at)
       select $1, $2, coalesce(max(version), 0) + 1, $3, $4 from plan_versions where plan = $2 returning ${COLUMNS}`,
      [newId('planVersion', at.getTime()), plan, JSON.stringify(terms), at],
    );
    return presentVersion(row as PlanVersionRow);
  }

  /** Changes the given terms of a draft that is locked. */
  async changeDraft(tx: Transaction, { id }: PlanVersion, terms: Partial<PlanTerms>): Promise<PlanVersion> {
    const [row] = await tx.prepared<PlanVersionRow>(
      `update plan_versions set terms = terms || $2 where id = $1 returning ${COLUMNS}`,
      [id, JSON.stringify(terms)],
    );
    return presentVersion(row as PlanVersionRow);
  }

  async removeDraft(tx: Transaction, id: string): Promise<void> {
    await tx.prepared('delete from plan_versions where id = $1', [id]);
  }

  /** Publishes or retires a version that is locked. */
  async setStatus(
    tx: Transaction,
    id: string,
    status: 'published' | 'retired',
    at: Date,
  ): Promise<PlanVersion> {
    const [row] = await tx.prepared<PlanVersionRow>(
      `update plan_versions set status = $2, ${status}_at = $3 where id = $1 returning ${COLUMNS}`,
      [id, status, at],
    );
    return presentVersion(row as PlanVersionRow);
  }

  async countPublished(tx: Transaction, plan: string): Promise<number> {
    const rows = await tx.prepared(`select 1 from plan_versions where plan = $1 and status = 'published'`, [
      plan,
    ]);
    return rows.length;
  }

  /** One writer at a time: the number of a version is the next one, and a plan keeps one that is published. */
  async #lockAll(tx: Transaction): Promise<void> {
    await tx.manager.query('lock table plan_versions in share row exclusive mode');
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
