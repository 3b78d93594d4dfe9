import { Bus } from '@gridworks/bus';
import { buildIndexRequest, dropIndexRequest, explainStatementRequest } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { WakeableLoop } from '@gridworks/persistence';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PauseRepository } from '../guards/pause.repository.ts';
import { DueIndexesRepository } from './due-indexes.repository.ts';
import { IndexFactsRepository } from './index-facts.repository.ts';
import type { StatementCounts, SuggestionRow } from './suggestion-row.ts';

const STEP_MS = 1000;
/** Without anything to do, for what another healer has left. */
const IDLE_MS = 60_000;
const AWAY_MS = 2000;
const PAUSED_MS = 5000;
/** Another healer goes on with what one that was killed has left after this time. */
const CLAIM_MS = 15_000;
const ATTEMPTS = 3;

/**
 * Has approved indexes built, and unused ones dropped, by the services that own the tables. Each step is decided by what PostgreSQL says about
 * the index at that moment, so that it does not matter which process died when: what is half done is seen, and gone on from.
 */
@Injectable()
export class IndexWorker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #loop = new WakeableLoop(() => this.#turn());

  constructor(
    private readonly bus: Bus,
    private readonly due: DueIndexesRepository,
    private readonly facts: IndexFactsRepository,
    private readonly pauses: PauseRepository,
    @Inject(CONFIG) private readonly config: { readonly HEALER_DRY_RUN: boolean },
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#loop.stop();
  }

  /** Called when there is something to do. */
  nudge(): void {
    this.#loop.wake();
  }

  async #turn(): Promise<number> {
    try {
      const row = await this.due.claim(CLAIM_MS);
      if (row) await (row.state === 'building' ? this.#build(row) : this.#drop(row));
      return (await this.due.isAnything()) ? STEP_MS : IDLE_MS;
    } catch (error) {
      this.logger.log('index.round_failed', { error });
      return AWAY_MS;
    }
  }

  async #build(row: SuggestionRow): Promise<void> {
    const { is_at_work, progress, state } = await this.facts.read(row);
    if (is_at_work)
      return this.due.again(row, STEP_MS, progress ?? { phase: 'waiting for locks', share: null });
    if (state === 'valid') return this.#verify(row);
    const refusal = await this.#refusal();
    if (refusal !== null) return this.due.waits(row, PAUSED_MS, refusal);
    if (state === 'invalid') {
      await this.bus.request(dropIndexRequest(row.service), { index: row.index_name });
      await this.due.note(row, 'The build left an index that is not valid; it is dropped');
      return this.due.again(row, STEP_MS);
    }
    if (row.attempts >= ATTEMPTS) return this.#settle(row, 'failed', `Given up after ${ATTEMPTS} tries`);
    const counts = row.counts_before ?? (await this.#explain(row))?.figures ?? null;
    const { columns, index_name: index, table_name: table } = row;
    const begun = await this.bus.request(buildIndexRequest(row.service), { columns, index, table });
    if (begun.state === 'started') await this.due.began(row, tried('Build', row), counts && countsOf(counts));
    await this.due.again(row, STEP_MS);
  }

  /** An index that its statement does not use only costs. When the statement is not counted any more, nothing speaks against the index. */
  async #verify(row: SuggestionRow): Promise<void> {
    const explained = await this.#explain(row);
    const name = row.index_name;
    if (explained && !explained.indexes.includes(name))
      return this.due.refuse(
        row,
        `${name} is valid, but the plan of its statement does not use it; it is dropped`,
      );
    const plan = explained?.plan ?? null;
    const cost = plan && ` uses it: cost ${plan.cost}, before ${row.evidence.plan.cost}`;
    const text = `${name} is valid; ${cost ? `the plan${cost}` : 'its statement is not counted any more'}`;
    await this.due.built(row, { counts: explained && countsOf(explained.figures), plan, text });
    this.logger.log('index.settled', { index: name, state: 'built' });
  }

  async #drop(row: SuggestionRow): Promise<void> {
    const { is_at_work, state } = await this.facts.read(row);
    if (is_at_work) return this.due.again(row, STEP_MS);
    if (state === 'absent')
      return this.#settle(row, row.failure === null ? 'dropped' : 'failed', `${row.index_name} is dropped`);
    const refusal = await this.#refusal();
    if (refusal !== null) return this.due.waits(row, PAUSED_MS, refusal);
    if (row.attempts >= ATTEMPTS) {
      const text = `${row.index_name} could not be dropped in ${ATTEMPTS} tries: drop it by hand`;
      return this.#settle(row, 'failed', text);
    }
    const begun = await this.bus.request(dropIndexRequest(row.service), { index: row.index_name });
    if (begun.state === 'started') await this.due.began(row, tried('Drop', row), null);
    await this.due.again(row, STEP_MS);
  }

  async #settle(row: SuggestionRow, state: 'failed' | 'dropped', text: string): Promise<void> {
    await this.due.settled(row, state, text);
    this.logger.log('index.settled', { index: row.index_name, state });
  }

  async #explain({ evidence, service }: SuggestionRow) {
    const { explained } = await this.bus.request(explainStatementRequest(service), {
      statement: evidence.statement.id,
    });
    return explained;
  }

  /** Why the healer may not act on PostgreSQL now. Throws while the pauses cannot be read: then nothing is done. */
  async #refusal(): Promise<string | null> {
    if (this.config.HEALER_DRY_RUN) return 'this healer runs dry: it only reports what it would do';
    const pause = (await this.pauses.read()).find(
      ({ effect, scope }) => effect === 'pause' && (scope === 'all' || scope === 'server:postgres'),
    );
    return pause ? `paused by ${pause.created_by} (${pause.scope}): ${pause.reason}` : null;
  }
}

const countsOf = ({ calls, total_ms }: StatementCounts): StatementCounts => ({ calls, total_ms });
const tried = (what: string, { attempts, index_name, service }: SuggestionRow): string =>
  `${what} of ${index_name} begun by ${service}, concurrently${attempts > 0 ? `, try ${attempts + 1}` : ''}`;
