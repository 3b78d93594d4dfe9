import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { consumerOf, type PayloadOf, usageRecorded } from '@gridworks/contracts';
import { counter, type Logger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { BudgetWatch } from '../budgets/budget-watch.ts';
import { type RecordedUsage, UsageRepository } from './usage.repository.ts';

const consumer = consumerOf(usageRecorded);
const counted = counter('billing_usage_records_total', 'Metered calls that were counted');
const repeated = counter(
  'billing_usage_records_repeated_total',
  'Metered calls that were repeated in another event and were not counted a second time',
);

@Controller()
export class RecordUsageHandler {
  constructor(
    private readonly database: Database,
    private readonly usage: UsageRepository,
    private readonly budgets: BudgetWatch,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Counts every record once: the inbox drops a repeated event, and the record's id drops a record that is
   * repeated in another event. Batches are handled one at a time: they would wait for the same daily counts
   * anyway, and `counted_until` relies on their order.
   */
  @HandleEvent(usageRecorded, { concurrency: 1 })
  async record(
    payload: PayloadOf<typeof usageRecorded>,
    event: BusEvent<PayloadOf<typeof usageRecorded>>,
  ): Promise<void> {
    let recorded: RecordedUsage = { added: 0, tooOld: 0 };
    const outcome = await this.database.once(event, consumer, async (tx) => {
      recorded = await this.usage.record(tx, payload.records);
    });
    if (outcome === 'duplicate') return;
    const { added, tooOld } = recorded;
    counted.inc(added);
    repeated.inc(payload.records.length - added - tooOld);
    if (tooOld > 0) this.logger.log('usage_record.too_old', { event_id: event.id, records: tooOld });
    this.budgets.counted(new Set(payload.records.map(({ partner_id }) => partner_id)));
  }
}
