import {
  AppError,
  INVALID_INPUT,
  type Page,
  pageOf,
  VERDICT_DECIDED,
  VERDICT_NOT_FOUND,
  type Verdict,
} from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

export interface VerdictQuery extends ListPageQuery {
  readonly state?: Verdict['state'] | undefined;
}

type Manager = Transaction['manager'];
interface VerdictRow extends Omit<Verdict, 'object' | 'created_at' | 'updated_at'> {
  readonly created_at: Date;
  readonly updated_at: Date;
}

const COLUMNS = `id, fingerprint, service, source, root_cause, kind, strategy, confidence, evidence, model,
  prompt_version, state, verified, decided_by, created_at, updated_at`;
// The state of a trial is that of its pattern. A trial whose pattern a human removed counts as demoted.
const FROM = `(
    select v.*, coalesce(p.verified, 0)::int as verified,
      case when v.decision <> 'trial' then v.decision
           when p.state = 'trial' then 'trial'
           when p.state = 'deciding' then 'promoted'
           else 'demoted' end as state
    from healing_verdicts v
    left join healing_patterns p
      on v.decision = 'trial' and p.fingerprint = v.fingerprint and p.strategy = v.strategy
  ) verdict`;

/** Text that PostgreSQL can store: no NUL, no half of a surrogate pair. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** The table `healing_verdicts`. All methods throw `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
@Injectable()
export class VerdictRepository {
  constructor(private readonly database: Database) {}

  /**
   * Stores a verdict, once. A strategy that was suggested for this error before, decided or not, is not
   * stored again. Undecided verdicts are deleted after 90 days; a new one is made when the error occurs
   * again.
   */
  async add(verdict: Verdict): Promise<void> {
    await this.database.transaction(async ({ manager }) => {
      await manager.query(
        `delete from healing_verdicts where decision = 'suggested' and updated_at < now() - interval '90 days'`,
      );
      await manager.query(
        `insert into healing_verdicts (id, fingerprint, service, source, root_cause, kind, strategy, confidence,
           evidence, model, prompt_version, decision, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'suggested', $12, $12)
         on conflict do nothing`,
        [
          verdict.id,
          storable(verdict.fingerprint),
          verdict.service,
          storable(verdict.source),
          storable(verdict.root_cause),
          verdict.kind,
          verdict.strategy,
          verdict.confidence,
          verdict.evidence.map(storable),
          storable(verdict.model),
          verdict.prompt_version,
          verdict.created_at,
        ],
      );
    });
  }

  /** Newest first. */
  async page(query: VerdictQuery): Promise<Page<Verdict>> {
    const rows = await this.database.read((manager) =>
      readListPage<VerdictRow>(
        manager,
        { table: 'healing_verdicts', columns: COLUMNS, from: FROM, where: { state: query.state } },
        query,
      ),
    );
    return pageOf(rows.map(fromRow), query.limit, query.ending_before !== undefined);
  }

  /**
   * Decides a suggestion, once: of two simultaneous decisions the second gets VERDICT_DECIDED. `then` runs in
   * the same transaction. A verdict with the strategy ESCALATE cannot be tried.
   * @throws HEALER.VERDICT_NOT_FOUND, HEALER.VERDICT_DECIDED, PLATFORM.INVALID_INPUT
   */
  decide(
    id: string,
    decision: 'trial' | 'rejected',
    by: string,
    then: (tx: Transaction, verdict: Verdict) => Promise<void>,
  ): Promise<Verdict> {
    return this.database.transaction(async (tx) => {
      const decided = await tx.manager.query<[unknown[], number]>(
        `update healing_verdicts set decision = $2, decided_by = $3, updated_at = now()
         where id = $1 and decision = 'suggested' and ($2 <> 'trial' or strategy <> 'ESCALATE') returning id`,
        [id, decision, storable(by)],
      );
      const before = await this.#find(tx, id);
      if (before === null) throw new AppError(VERDICT_NOT_FOUND);
      if (decided[1] === 0) throw refusal(before);
      await then(tx, before);
      return (await this.#find(tx, id)) as Verdict;
    });
  }

  async #find({ manager }: Transaction, id: string): Promise<Verdict | null> {
    return (await select(manager, 'where id = $1', [id]))[0] ?? null;
  }
}

function refusal({ state }: Verdict): AppError {
  if (state !== 'suggested')
    return new AppError(VERDICT_DECIDED, { detail: `This verdict was decided already: it is ${state}` });
  const detail = 'This verdict suggests ESCALATE: there is nothing to try. It can be rejected.';
  return new AppError(INVALID_INPUT, { detail, problems: [{ detail, pointer: '/decision' }] });
}

async function select(manager: Manager, condition: string, values: unknown[]): Promise<Verdict[]> {
  const rows = await manager.query<VerdictRow[]>(`select ${COLUMNS} from ${FROM} ${condition}`, values);
  return rows.map(fromRow);
}

function fromRow(row: VerdictRow): Verdict {
  return {
    object: 'verdict',
    ...row,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
