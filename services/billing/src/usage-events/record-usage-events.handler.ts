import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  recordUsageEvents,
  USAGE_EVENT_REFUSALS,
  USAGE_EVENTS_REJECTED,
  type UsageEventRefusal,
} from '@gridworks/contracts';
import { type CallContext, counter, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { CONFIG } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { BudgetWatch } from '../budgets/budget-watch.ts';
import { divide, type ReadEvent, type RefusedEvent, readUsageEvent } from './read-usage-event.ts';
import { keyOf, type Reporter, UsageEventRepository } from './usage-event.repository.ts';

type Result = OutputOf<typeof recordUsageEvents>['results'][number];

const stored = counter('billing_usage_events_total', "Usage events of partners' systems that were stored");
/** The audit entry names so many corrections. */
const SHOWN = 20;
const MOST_PROBLEMS = 50;

/** Stores usage that partners' own systems report. */
@Controller()
export class RecordUsageEventsHandler {
  constructor(
    private readonly database: Database,
    private readonly events: UsageEventRepository,
    private readonly budgets: BudgetWatch,
    @Inject(CONFIG) private readonly config: { readonly BILLING_USAGE_MONTHS: number },
  ) {}

  /** All events of the call that can be stored are committed together before the response. */
  @HandleRequest(recordUsageEvents)
  async record(
    { events: given }: ParsedInputOf<typeof recordUsageEvents>,
    call: CallContext,
  ): Promise<OutputOf<typeof recordUsageEvents>> {
    const by = reporterOf(call);
    const now = new Date();
    const results = await this.database.transaction(async (tx) => {
      const window = { now, oldest: await this.#oldest(tx, by, now) };
      const [events, misread] = divide(given.map((one, index) => readUsageEvent(one, index, window)));
      const [done, refused] = divide([...(await this.#store(tx, by, events)), ...misread]);
      if (done.length === 0) throw rejected(refused);
      noteCorrections(events, done);
      return [...done, ...refused.map(presentRefused)].sort((a, b) => a.index - b.index);
    });
    const count = (status: Result['status']) => results.filter((one) => one.status === status).length;
    stored.inc(count('accepted'));
    this.budgets.counted([by.partnerId]);
    return {
      object: 'usage_event_receipt',
      ...{ accepted: count('accepted'), duplicates: count('duplicate'), rejected: count('rejected') },
      results,
    };
  }

  async #oldest(tx: Transaction, { partnerId }: Reporter, now: Date): Promise<Date> {
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
    const kept = new Date(Date.UTC(year, month - this.config.BILLING_USAGE_MONTHS, 1));
    const counted = await this.events.countedFrom(tx, partnerId);
    return counted && counted > kept ? counted : kept;
  }

  /** Reported units first, so that a batch may hold an event and its correction. */
  async #store(
    tx: Transaction,
    by: Reporter,
    events: readonly ReadEvent[],
  ): Promise<(Result | RefusedEvent)[]> {
    const outcomes: (Result | RefusedEvent)[] = [];
    const reported = events.filter(({ corrects }) => corrects === null);
    const isNew = await this.events.add(tx, by, reported);
    // Of two equal events in a batch the first is stored.
    for (const event of reported)
      outcomes.push(present(event, isNew.delete(keyOf(event)) ? 'accepted' : 'duplicate'));
    for (const event of events.filter(({ corrects }) => corrects !== null)) {
      const outcome = await this.events.correct(tx, by, event);
      if (outcome.is === 'not_found')
        outcomes.push(refuse(event, 'BILLING.CORRECTED_EVENT_NOT_FOUND', `There is no ${event.corrects}.`));
      else if (outcome.is === 'too_large')
        outcomes.push(
          refuse(
            event,
            'BILLING.CORRECTION_TOO_LARGE',
            `${outcome.left} units are left of ${event.corrects}.`,
          ),
        );
      else outcomes.push(present(event, outcome.is));
    }
    return outcomes;
  }
}

function reporterOf(call: CallContext): Reporter {
  const { principal } = call;
  const isProgram = principal !== undefined && principal.kind !== 'session';
  const mode = (principal as { mode?: 'live' | 'test' | null } | undefined)?.mode ?? 'live';
  return { partnerId: partnerOf(call), mode, apiKeyId: isProgram ? principal.id : null };
}

/** A correction is an act that the partner finds in its audit log; a report is none, as a metered call is none. */
function noteCorrections(events: readonly ReadEvent[], done: readonly Result[]): void {
  const accepted = new Set(done.filter(({ status }) => status === 'accepted').map(({ index }) => index));
  const corrections = events.filter(({ index, corrects }) => corrects !== null && accepted.has(index));
  if (corrections.length === 0) {
    noteAct({ isRepeat: true });
    return;
  }
  const shown = corrections
    .slice(0, SHOWN)
    .map(({ source, id, corrects, quantity }) => ({ source, id, corrects, quantity }));
  noteAct({ after: { corrections: corrections.length, events: shown } });
}

const present = ({ index, id }: ReadEvent, status: 'accepted' | 'duplicate'): Result => ({
  ...{ index, id, status, code: null, detail: null },
});

const refuse = ({ index, id }: ReadEvent, code: UsageEventRefusal, detail: string): RefusedEvent => ({
  ...{ index, id, code, detail, pointer: '/data/corrects' },
});

const presentRefused = ({ index, id, code, detail }: RefusedEvent): Result => ({
  ...{ index, id, status: 'rejected', code, detail: `${USAGE_EVENT_REFUSALS[code]}. ${detail}` },
});

/** Nothing of the call is stored: one problem for each event. */
function rejected(refused: readonly RefusedEvent[]): AppError {
  const [first] = refused;
  return new AppError(USAGE_EVENTS_REJECTED, {
    detail: `${refused.length} of ${refused.length} events are refused; the first one with ${first?.code}.`,
    details: { codes: [...new Set(refused.map(({ code }) => code))] },
    problems: refused.slice(0, MOST_PROBLEMS).map(({ index, code, detail, pointer }) => ({
      ...{ detail: `${code}: ${detail}`, pointer: `/events/${index}${pointer}` },
    })),
  });
}
