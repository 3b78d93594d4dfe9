import type { Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { ReadEvent } from './read-usage-event.ts';

/** Who reports. */
export interface Reporter {
  readonly partnerId: string;
  readonly mode: 'live' | 'test';
  readonly apiKeyId: string | null;
}

/** What became of a correction. */
export type CorrectionOutcome =
  | { readonly is: 'accepted' | 'duplicate' | 'not_found' }
  /** Units that are left of the event. */
  | { readonly is: 'too_large'; readonly left: bigint };

/** In the order of the keys, so that overlapping batches wait for one another instead of deadlocking. */
const INSERT_SQL = `
  insert into usage_events (partner_id, source, event_id, metric, quantity, mode, api_key_id, subject, at)
  select distinct on (source, id) $1, source, id, metric, quantity, $2, $3, subject, at
  from unnest($4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::timestamptz[])
    with ordinality as event (source, id, metric, quantity, subject, at, place)
  order by source, id, place
  on conflict (partner_id, source, event_id) do nothing
  returning source, event_id as id`;
const CORRECTED_SQL = `
  select metric, mode, at, quantity + coalesce((
    select sum(quantity) from usage_events correction
    where correction.partner_id = event.partner_id and correction.source = event.source and correction.corrects = event.event_id
  ), 0)::bigint as left
  from usage_events event where partner_id = $1 and source = $2 and event_id = $3 and corrects is null`;
const CORRECT_SQL = `
  insert into usage_events (partner_id, source, event_id, metric, quantity, mode, api_key_id, subject, at, corrects)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict (partner_id, source, event_id) do nothing returning 1 as stored`;

const COUNTED_FROM_SQL = `
  select greatest(
    (select min(starts_at) from billing_periods where partner_id = $1),
    (select nullif(kept_from, '-infinity') from usage_retention)) as at`;

/** The table `usage_events`. */
@Injectable()
export class UsageEventRepository {
  /** Stores what is reported. Returns the events that are new, as `keyOf` names them; all others are stored already. */
  async add(tx: Transaction, by: Reporter, events: readonly ReadEvent[]): Promise<Set<string>> {
    if (events.length === 0) return new Set();
    const rows = await tx.prepared<{ source: string; id: string }>(INSERT_SQL, [
      ...[by.partnerId, by.mode, by.apiKeyId, events.map(({ source }) => source)],
      ...[events.map(({ id }) => id), events.map(({ metric }) => metric)],
      ...[events.map(({ quantity }) => quantity), events.map(({ subject }) => subject)],
      events.map(({ at }) => at.toISOString()),
    ]);
    return new Set(rows.map(keyOf));
  }

  /**
   * Takes units of an earlier event back, at the time of that event. The event is locked, so that two corrections cannot take the same
   * units.
   */
  async correct(tx: Transaction, by: Reporter, event: ReadEvent): Promise<CorrectionOutcome> {
    const key = [by.partnerId, event.source, event.corrects];
    await tx.prepared(
      'select from usage_events where partner_id = $1 and source = $2 and event_id = $3 for update',
      key,
    );
    const stored = await tx.prepared(
      'select from usage_events where partner_id = $1 and source = $2 and event_id = $3',
      [by.partnerId, event.source, event.id],
    );
    if (stored.length > 0) return { is: 'duplicate' };
    type Row = { readonly metric: string; readonly mode: string; readonly at: Date; readonly left: string };
    const [corrected] = await tx.prepared<Row>(CORRECTED_SQL, key);
    if (!corrected) return { is: 'not_found' };
    if (BigInt(corrected.left) + BigInt(event.quantity) < 0n)
      return { is: 'too_large', left: BigInt(corrected.left) };
    const rows = await tx.prepared(CORRECT_SQL, [
      ...[by.partnerId, event.source, event.id, corrected.metric, event.quantity, corrected.mode],
      ...[by.apiKeyId, event.subject, corrected.at, event.corrects],
    ]);
    return { is: rows.length > 0 ? 'accepted' : 'duplicate' };
  }

  /** The first moment from which on units of the partner are kept and charged; null while nothing says so. */
  async countedFrom(tx: Transaction, partnerId: string): Promise<Date | null> {
    const [row] = await tx.prepared<{ at: Date | null }>(COUNTED_FROM_SQL, [partnerId]);
    return row?.at ?? null;
  }
}

/** What an event of a partner is known by. */
export const keyOf = ({ source, id }: { readonly source: string; readonly id: string }): string =>
  JSON.stringify([source, id]);
