import type { DeadLetterCopy } from '@gridworks/bus';
import {
  AppError,
  DEAD_LETTER_DISCARDED,
  DEAD_LETTER_NOT_FOUND,
  DEAD_LETTER_REPLAYED,
  type DeadLetter,
  type DeadLetterCount,
  newId,
  type Page,
  pageOf,
} from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { hasInbox, serviceOf } from './consumer-service.ts';

export interface DeadLetterQuery extends ListPageQuery {
  readonly consumer?: string | undefined;
  readonly subject?: string | undefined;
  readonly state?: DeadLetter['state'] | undefined;
}

type Manager = Transaction['manager'];
type Moments = 'first_failed_at' | 'last_failed_at' | 'decided_at' | 'settled_at';
interface Row extends Omit<DeadLetter, 'object' | 'service' | Moments> {
  readonly first_failed_at: Date;
  readonly last_failed_at: Date;
  readonly decided_at: Date | null;
  readonly settled_at: Date | null;
}

const TABLE = 'healing_dead_letters';
const COLUMNS = `id, event_id, subject, consumer, partner_id, reason, deliveries, first_failed_at, last_failed_at,
  state, decided_by, decided_at, settled_at`;

/** Text that PostgreSQL can store: no NUL, no half of a surrogate pair. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/**
 * The table `healing_dead_letters`, as people see and change it. All methods throw `PLATFORM.UNAVAILABLE` while
 * PostgreSQL is away.
 */
@Injectable()
export class DeadLetterRepository {
  constructor(private readonly database: Database) {}

  /**
   * Keeps a letter, once for each event and consumer. An event that is given up again counts up its letter; the
   * letter waits again when the event had been processed before that, and stays discarded.
   */
  async keep(copy: DeadLetterCopy): Promise<void> {
    await this.database.transaction(({ manager }) =>
      manager.query(
        `insert into ${TABLE} as letter (id, consumer, event_id, subject, partner_id, reason, deliveries,
           first_failed_at, last_failed_at, given_up_at, event)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
         on conflict (consumer, event_id) do update set
           reason = excluded.reason,
           deliveries = letter.deliveries + excluded.deliveries,
           first_failed_at = least(letter.first_failed_at, excluded.first_failed_at),
           last_failed_at = greatest(letter.last_failed_at, excluded.last_failed_at),
           given_up_at = excluded.given_up_at,
           event = excluded.event,
           state = case when letter.state = 'replayed' and excluded.given_up_at > letter.settled_at
             then 'waiting' else letter.state end,
           settled_at = case when letter.state = 'replayed' and excluded.given_up_at > letter.settled_at
             then null else letter.settled_at end
         where letter.given_up_at < excluded.given_up_at`,
        [
          newId('deadLetter'),
          copy.consumer,
          storable(copy.eventId),
          copy.subject,
          copy.partnerId === null ? null : storable(copy.partnerId),
          copy.reason,
          copy.deliveries,
          copy.firstFailedAt,
          copy.givenUpAt,
          Buffer.from(copy.body),
        ],
      ),
    );
  }

  /** Newest first. */
  async page({ consumer, subject, state, ...query }: DeadLetterQuery): Promise<Page<DeadLetter>> {
    const rows = await this.database.read((manager) =>
      readListPage<Row>(
        manager,
        { table: TABLE, columns: COLUMNS, where: { consumer, subject, state } },
        query,
      ),
    );
    return pageOf(rows.map(fromRow), query.limit, query.ending_before !== undefined);
  }

  /** A letter and its event as it was published: not redacted. Null when there is none. */
  async open(id: string): Promise<{ letter: DeadLetter; event: Buffer } | null> {
    const [row] = await this.database.read((manager) =>
      manager.query<(Row & { event: Buffer })[]>(`select ${COLUMNS}, event from ${TABLE} where id = $1`, [
        id,
      ]),
    );
    return row ? { letter: fromRow(row), event: row.event } : null;
  }

  /** The letters that are not settled, by consumer. */
  async counts(): Promise<DeadLetterCount[]> {
    const rows = await this.database.read((manager) =>
      manager.query<{ consumer: string; waiting: number; replaying: number; oldest_at: Date }[]>(
        `select consumer, count(*) filter (where state = 'waiting')::int as waiting,
           count(*) filter (where state = 'replaying')::int as replaying, min(first_failed_at) as oldest_at
         from ${TABLE} where state in ('waiting', 'replaying') group by consumer order by consumer`,
      ),
    );
    return rows.map((row) => ({
      ...row,
      service: serviceOf(row.consumer),
      oldest_at: row.oldest_at.toISOString(),
    }));
  }

  /** How many letters are not settled, and how many bytes their events have. */
  async size(): Promise<{ letters: number; bytes: number }> {
    const [row] = await this.database.read((manager) =>
      manager.query<{ letters: number; bytes: string }[]>(
        `select count(*)::int as letters, coalesce(sum(octet_length(event)), 0) as bytes
         from ${TABLE} where state in ('waiting', 'replaying')`,
      ),
    );
    return { letters: row?.letters ?? 0, bytes: Number(row?.bytes ?? 0) };
  }

  /**
   * Has a letter replayed in the background; one that is being replayed stays so. `refusal` is thrown for a
   * letter that could be replayed.
   * @throws HEALER.DEAD_LETTER_NOT_FOUND, _REPLAYED, _DISCARDED; `refusal`
   */
  replay(id: string, by: string, refusal: AppError | null): Promise<DeadLetter> {
    return this.database.transaction(async ({ manager }) => {
      const letter = await lock(manager, id);
      if (letter.state === 'replaying') return letter;
      if (letter.state === 'replayed') throw new AppError(DEAD_LETTER_REPLAYED);
      if (letter.state === 'discarded') throw new AppError(DEAD_LETTER_DISCARDED);
      if (refusal) throw refusal;
      return update(
        manager,
        `update ${TABLE} set state = 'replaying', due_at = now(), attempts = 0, decided_by = $2, decided_at = now()
         where id = $1`,
        [id, storable(by)],
      );
    });
  }

  /**
   * Discards a letter that waits or is being replayed; one that was discarded stays so. It is entered in the
   * inbox of its consumer in the background.
   * @throws HEALER.DEAD_LETTER_NOT_FOUND, _REPLAYED
   */
  discard(id: string, by: string): Promise<DeadLetter> {
    return this.database.transaction(async ({ manager }) => {
      const letter = await lock(manager, id);
      if (letter.state === 'discarded') return letter;
      if (letter.state === 'replayed') throw new AppError(DEAD_LETTER_REPLAYED);
      return update(
        manager,
        `update ${TABLE} set state = 'discarded', due_at = case when $3 then now() end, attempts = 0,
           decided_by = $2, decided_at = now(), settled_at = now()
         where id = $1`,
        [id, storable(by), hasInbox(letter.consumer)],
      );
    });
  }

  /** Has all letters of a consumer that wait replayed. `refusal` is thrown when there is one. */
  replayAll(
    consumer: string,
    by: string,
    refusal: AppError | null,
  ): Promise<{ consumer: string; letters: number }> {
    return this.database.transaction(async ({ manager }) => {
      if (refusal) throw refusal;
      const [, letters] = await manager.query<[unknown[], number]>(
        `update ${TABLE} set state = 'replaying', due_at = now(), attempts = 0, decided_by = $2, decided_at = now()
         where consumer = $1 and state = 'waiting'`,
        [consumer, storable(by)],
      );
      return { consumer, letters };
    });
  }

  /** Discards all letters of a consumer that wait. */
  discardAll(consumer: string, by: string): Promise<{ consumer: string; letters: number }> {
    return this.database.transaction(async ({ manager }) => {
      const [, letters] = await manager.query<[unknown[], number]>(
        `update ${TABLE} set state = 'discarded', due_at = case when $3 then now() end, attempts = 0,
           decided_by = $2, decided_at = now(), settled_at = now()
         where consumer = $1 and state = 'waiting'`,
        [consumer, storable(by), hasInbox(consumer)],
      );
      return { consumer, letters };
    });
  }
}

/** Locks a letter until the end of the transaction. */
async function lock(manager: Manager, id: string): Promise<DeadLetter> {
  const [row] = await manager.query<Row[]>(`select ${COLUMNS} from ${TABLE} where id = $1 for update`, [id]);
  if (!row) throw new AppError(DEAD_LETTER_NOT_FOUND);
  return fromRow(row);
}

async function update(manager: Manager, sql: string, values: unknown[]): Promise<DeadLetter> {
  const [[row]] = await manager.query<[Row[], number]>(`${sql} returning ${COLUMNS}`, values);
  return fromRow(row as Row);
}

function fromRow(row: Row): DeadLetter {
  return {
    object: 'dead_letter',
    id: row.id,
    event_id: row.event_id,
    subject: row.subject,
    consumer: row.consumer,
    service: serviceOf(row.consumer),
    partner_id: row.partner_id,
    reason: row.reason,
    deliveries: row.deliveries,
    first_failed_at: row.first_failed_at.toISOString(),
    last_failed_at: row.last_failed_at.toISOString(),
    state: row.state,
    decided_by: row.decided_by,
    decided_at: row.decided_at?.toISOString() ?? null,
    settled_at: row.settled_at?.toISOString() ?? null,
  };
}
