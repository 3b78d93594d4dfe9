/**
 * The growth of a latency histogram's bounds: bucket `b` holds calls of up to `LATENCY_GROWTH ** b`
 * milliseconds.
 */
export const LATENCY_GROWTH = 1.25;
/** 1.25^52 ms is more than a minute and a half: no call takes longer. */
const LAST_BUCKET = 52;

/**
 * Inserts records and counts the new ones. Only inserted rows are counted: a repeated record adds nothing, in
 * any batch and however often. A record of a month that is dropped is not counted: nothing tells any more whether it was. All inserts run in the order of their keys, so that overlapping batches wait
 * for one another instead of deadlocking. Equal calls of an hour are counted before they are spread over the
 * ten counts of each call: a batch has many calls and few different ones.
 */
export const RECORD_SQL = `
  with given as (
    select distinct on (id, at) *
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::text[], $8::real[])
      as record (id, partner_id, api_key_id, operation, status, at, mode, took_ms)
    order by id, at
  ), inserted as (
    insert into usage_records (id, partner_id, api_key_id, operation, status, at, mode, took_ms)
    select id, partner_id, api_key_id, operation, status, at, mode, took_ms from given
    where at >= (select kept_from from usage_retention) order by id, at
    on conflict (id, at) do nothing
    returning partner_id, api_key_id, operation, status, at, mode, took_ms
  ), counted as (
    insert into usage_daily as daily (partner_id, day, api_key_id, mode, calls, first_call_at, last_call_at)
    select partner_id, (at at time zone 'UTC')::date as day, api_key_id, min(mode), count(*), min(at), max(at)
    from inserted group by 1, 2, 3 order by 1, 2, 3
    on conflict (partner_id, day, api_key_id) do update
      set calls = daily.calls + excluded.calls,
          first_call_at = least(daily.first_call_at, excluded.first_call_at),
          last_call_at = greatest(daily.last_call_at, excluded.last_call_at)
  ), grouped as (
    select partner_id, api_key_id, operation, status::text as status, mode,
      date_trunc('hour', at at time zone 'UTC') as hour,
      case when took_ms is not null
        then least(${LAST_BUCKET}, ceil(ln(greatest(took_ms, 1)) / ln(${LATENCY_GROWTH})))::int::text end as latency,
      count(*) as calls
    from inserted group by 1, 2, 3, 4, 5, 6, 7
  ), rolled as (
    insert into usage_rollups as rollup (partner_id, dimension, step, at, value, mode, calls)
    select partner_id, dimension collate "C", step collate "C", date_trunc(step, hour) at time zone 'UTC',
      value collate "C", mode collate "C", sum(calls)
    from grouped
    cross join (values ('hour'), ('day')) as steps (step)
    cross join lateral (values
      ('all', ''), ('key', api_key_id), ('operation', operation), ('status', status), ('latency', latency)
    ) as parts (dimension, value)
    where value is not null
    group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
    on conflict (partner_id, dimension, step, at, value, mode) do update set calls = rollup.calls + excluded.calls
  )
  select (select count(*)::int from inserted) as added,
    (select count(*)::int from given where at < (select kept_from from usage_retention)) as "tooOld"`;
