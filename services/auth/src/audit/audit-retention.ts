import type { Logger } from '@gridworks/observability';
import { Database, HourlyUpkeep } from '@gridworks/persistence';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { AuditChain } from './audit-chain.ts';
import { AuditHeads } from './audit-heads.ts';

interface AuditRetentionConfig {
  readonly AUTH_AUDIT_MONTHS?: number;
}

const DEFAULT_MONTHS = 24;

/** Drops months of the audit log that are older than `AUTH_AUDIT_MONTHS`, once an hour. */
@Injectable()
export class AuditRetention extends HourlyUpkeep {
  constructor(
    private readonly database: Database,
    private readonly chain: AuditChain,
    private readonly heads: AuditHeads,
    @Inject(CONFIG) private readonly config: AuditRetentionConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super(database, (error) => logger.log('audit.retention_failed', { error }));
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
