import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  actorOf,
  PATTERN_NOT_FOUND,
  type ParsedInputOf,
  type Pattern,
  patternChanged,
  removePattern,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { HealingEventPublisher } from '../state/healing-event-publisher.ts';
import { PatternRepository } from './pattern.repository.ts';
import { countAnew, demote, describePattern, type PatternRecord } from './pattern.ts';
import { PatternTableWriter } from './pattern-table-writer.ts';

/**
 * Forgets what was learned about an error, for all strategies: none of them decides, and none takes over. The
 * rows are kept, so that late reports of earlier outcomes do not train what was forgotten.
 */
@Controller()
export class RemovePatternHandler {
  constructor(
    private readonly database: Database,
    private readonly patterns: PatternRepository,
    private readonly table: PatternTableWriter,
    private readonly publisher: HealingEventPublisher,
  ) {}

  @HandleRequest(removePattern)
  async handle({ id }: ParsedInputOf<typeof removePattern>, call: CallContext): Promise<Pattern> {
    const now = Date.now();
    const by = actorOf(call);
    const removed = await this.database.transaction(async (tx) => {
      const record = await this.patterns.find(tx, id);
      if (!record) return null;
      const forgotten = await this.patterns.change(tx, [record.fingerprint], (known) =>
        known.map((one) => forget(one, now, `forgotten by ${by}`)),
      );
      return forgotten.find((one) => one.id === id) ?? null;
    });
    if (!removed) throw new AppError(PATTERN_NOT_FOUND);
    this.table.refresh();
    this.publisher.publish(patternChanged, {});
    return describePattern(removed, now);
  }
}

function forget(record: PatternRecord, now: number, why: string): PatternRecord {
  if (record.state === 'deciding' || record.state === 'trial')
    return { ...demote(record, now, why), updatedAt: now };
  return { ...countAnew(record, now), why, updatedAt: now };
}
