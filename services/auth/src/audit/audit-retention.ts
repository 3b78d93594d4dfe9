import type { Logger } from '@gridworks/observability';
import { Database, WakeableLoop } from '@gridworks/persistence';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AuditChain } from './audit-chain.ts';
import { AuditHeads } from './audit-heads.ts';

interface AuditRetentionConfig {
  readonly AUTH_AUDIT_MONTHS?: number;
}

const EVERY_MS = 3_600_000;
const DEFAULT_MONTHS = 24;

/** Drops months of the audit log that are older than `AUTH_AUDIT_MONTHS`, once an hour. */
@Injectable()
export class AuditRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loop = new WakeableLoop(async () => {
    await this.run(new Date()).catch((error: unknown) =>
      this.logger.log('audit.retention_failed', { error }),
    );
    return EVERY_MS;
  });

  constructor(
    private readonly database: Database,
    private readonly chain: AuditChain,
    private readonly heads: AuditHeads,
    @Inject(CONFIG) private readonly config: AuditRetentionConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.whenReady().then(() => this.#loop.start());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#loop.stop();
  }

  /** Drops what is too old at this moment. */
  async run(now: Date): Promise<void> {
    const months = this.config.AUTH_AUDIT_MONTHS ?? DEFAULT_MONTHS;
    const dropped = await this.database.transaction((tx) => this.chain.partitions.dropOld(tx, now, months));
    if (dropped.length === 0) return;
    this.logger.log('audit.months_dropped', { partitions: dropped });
    this.heads.wake();
  }
}
