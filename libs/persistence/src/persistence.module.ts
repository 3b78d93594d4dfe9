import { Bus } from '@gridworks/bus';
import { inboxDiscardRequest, inboxRequest, type ServiceName } from '@gridworks/contracts';
import { createLogger, type Logger } from '@gridworks/observability';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { MigrationClass } from './connection/apply-migrations.ts';
import { Database, type DatabaseOptions } from './database/database.ts';
import { type ExpiredRows, ExpiryLoop } from './delete-expired.ts';
import { discardIn, takenIn } from './inbox.ts';
import { serveIndexes } from './indexes/serve-indexes.ts';
import { LIBRARY_MIGRATIONS } from './migrations/library-migrations.ts';
import { EventRelay } from './outbox/relay-events.ts';
import { OutboxSweeper } from './outbox/sweep-outbox.ts';
import { PoolPublisher } from './pool/pool-publisher.ts';
import { StatisticsLoop } from './refresh-statistics.ts';

export interface PersistenceOptions
  extends Pick<
    DatabaseOptions,
    'url' | 'entities' | 'poolSize' | 'migrate' | 'critical' | 'degraded' | 'healing'
  > {
  /** Also the name of the schema. */
  readonly service: ServiceName;
  /** All migrations of the service, oldest first. The library's own migrations are applied before them. */
  readonly migrations?: readonly MigrationClass[];
  /** Rows of the service's tables that are deleted every hour. */
  readonly expired?: readonly ExpiredRows[];
  /** Default: `SERVICE_INSTANCE`, else the service's name. */
  readonly instance?: string;
  readonly logger?: Logger;
}

const SETTINGS = Symbol('PersistenceSettings');

interface Settings {
  readonly service: ServiceName;
  readonly instance: string;
  readonly logger: Logger;
  readonly expired: readonly ExpiredRows[];
}

/**
 * The service's database, its outbox and its inbox. Needs `Bus` from a global module.
 *
 * Start: the database connects in the background; outbox and inbox start once it is ready. Stop, in this
 * order: providers' `onModuleDestroy` may still write; then the relay publishes the remaining events
 * (`beforeApplicationShutdown`); then the pool closes (`onApplicationShutdown`). The bus must outlive all
 * three.
 */
@Module({})
export class PersistenceModule
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #database: Database;
  readonly #bus: Bus;
  readonly #service: ServiceName;
  readonly #relay: EventRelay;
  readonly #sweeper: OutboxSweeper;
  readonly #expiry: ExpiryLoop;
  readonly #pool: PoolPublisher;
  readonly #statistics: StatisticsLoop;
  readonly #logger: Logger;

  constructor(
    @Inject(Database) database: Database,
    @Inject(Bus) bus: Bus,
    @Inject(SETTINGS) settings: Settings,
  ) {
    const { logger } = settings;
    this.#database = database;
    this.#bus = bus;
    this.#service = settings.service;
    this.#logger = logger;
    this.#relay = new EventRelay({ database, bus, logger });
    this.#sweeper = new OutboxSweeper({ database, bus, logger });
    this.#expiry = new ExpiryLoop(database, logger, settings.expired);
    database.readOutbox(() => this.#relay.waiting());
    this.#pool = new PoolPublisher({ ...settings, bus, use: () => database.pool() });
    this.#statistics = new StatisticsLoop(database, logger);
  }

  static forService(options: PersistenceOptions): DynamicModule {
    const instance = options.instance ?? process.env.SERVICE_INSTANCE ?? options.service;
    const logger =
      options.logger ??
      createLogger({ service: options.service, instance, level: process.env.LOG_LEVEL ?? 'info' });
    return {
      module: PersistenceModule,
      global: true,
      providers: [
        {
          provide: SETTINGS,
          useValue: {
            service: options.service,
            instance,
            logger,
            expired: options.expired ?? [],
          } satisfies Settings,
        },
        {
          provide: Database,
          useFactory: () => {
            const database = new Database({
              ...options,
              schema: options.service,
              applicationName: instance,
              migrations: [...LIBRARY_MIGRATIONS, ...(options.migrations ?? [])],
              logger,
            });
            database.start();
            return database;
          },
        },
      ],
      exports: [Database],
    };
  }

  onApplicationBootstrap(): void {
    const contract = inboxRequest(this.#service);
    this.#bus.serve(contract, async ({ consumer, event_ids }) => ({
      confirmed: await takenIn(this.#database, consumer, event_ids),
    }));
    this.#bus.serve(inboxDiscardRequest(this.#service), async ({ consumer, event_ids }) => ({
      discarded: await discardIn(this.#database, consumer, event_ids),
    }));
    serveIndexes({
      bus: this.#bus,
      database: this.#database,
      logger: this.#logger,
      service: this.#service,
    });
    this.#database.onEmitted(() => this.#relay.nudge());
    this.#database.connections.onTransition((one) => this.#pool.onTransition(one));
    this.#bus.shareReads(() => this.#database.connections.isShort);
    void this.#database.whenReady().then(() => {
      this.#relay.start();
      this.#sweeper.start();
      this.#expiry.start();
      this.#statistics.start();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.#sweeper.stop(), this.#expiry.stop(), this.#statistics.stop()]);
    await this.#relay.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#pool.stop();
    await this.#database.close();
  }
}
