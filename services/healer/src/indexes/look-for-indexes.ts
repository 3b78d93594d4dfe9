import { Bus } from '@gridworks/bus';
import {
  explainStatementRequest,
  type IndexSuggestions,
  type ServiceName,
  suggestIndexesRequest,
} from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { WakeableLoop } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SERVICE_ROLES } from '../remedies/postgres-sessions.repository.ts';
import { IndexSuggestionRepository } from './index-suggestion.repository.ts';

const EVERY_MS = 3_600_000;
/** A healer that has just started has more urgent things to do. */
const FIRST_MS = 600_000;
/** A look copies some thousand rows a dozen times. */
const DEADLINE_MS = 20_000;

type Look = IndexSuggestions['looks'][number];

/**
 * Asks one instance of each service which indexes its statements lack, and how those run that have theirs by now. Only the service
 * itself may read its plans and rows.
 */
@Injectable()
export class IndexLook implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #loop = new WakeableLoop(async () => {
    await this.now().catch((error) => this.logger.log('index.look_failed', { error }));
    return EVERY_MS;
  });
  readonly #looks = new Map<ServiceName, Look>();
  #running: Promise<void> | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly suggestions: IndexSuggestionRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#loop.start(FIRST_MS * (1 + Math.random()));
  }

  onModuleDestroy(): Promise<void> {
    return this.#loop.stop();
  }

  /** The last look at each service since this healer started. */
  looks(): Look[] {
    return [...this.#looks.values()];
  }

  /** Looks at all services; a look that is under way is waited for. Throws while PostgreSQL is away. */
  now(): Promise<void> {
    this.#running ??= this.#lookAtAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #lookAtAll(): Promise<void> {
    const looks = (SERVICE_ROLES as readonly ServiceName[]).map(async (service) => {
      const reason = await this.#lookAt(service);
      this.#looks.set(service, { service, at: new Date().toISOString(), reason });
    });
    await Promise.all(looks);
  }

  /** Why nothing can be said about the service; null when something can. */
  async #lookAt(service: ServiceName): Promise<string | null> {
    const options = { deadlineMs: DEADLINE_MS };
    const found = await this.bus
      .request(suggestIndexesRequest(service), {}, options)
      .catch((error: Error) => ({
        reason: `no instance of ${service} could say: ${error.message}`,
        missing: [],
      }));
    if (found.reason !== null) return found.reason;
    await this.suggestions.keep(service, found.missing);
    for (const { evidence, id } of await this.suggestions.builtOf(service)) {
      const { explained } = await this.bus
        .request(explainStatementRequest(service), { statement: evidence.statement.id }, options)
        .catch(() => ({ explained: null }));
      if (explained) await this.suggestions.count(id, explained.figures);
    }
    return null;
  }
}
