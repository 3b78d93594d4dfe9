import { type Incident, incidentSchema, newId } from '@gridworks/contracts';
import pg from 'pg';

export const KEYS = 1000;
export const TICKETS = 10_000;
export const INCIDENTS = 1000;
export const ENTRIES = 5000;

/** The number of incidents per statement: their documents are large. */
const AT_ONCE = 200;
const MINUTE_MS = 60_000;

const KEYS_SQL = `
  insert into auth.api_keys (id, partner_id, created_by, name, mode, digest, last4, created_at)
  select id, $2, $3, 'key ' || n, case when n % 3 = 0 then 'live' else 'test' end, encode(sha256(id::bytea), 'hex'),
    right(id, 4), now() - make_interval(mins => n::int)
  from unnest($1::text[]) with ordinality as row (id, n)`;
const TICKETS_SQL = `
  insert into support.tickets (id, partner_id, subject, body, status, priority, version, created_at, updated_at)
  select id, $2, 'Ticket ' || n, repeat('What we see and what we expected. ', 12),
    (array['open', 'in_progress', 'waiting_on_partner', 'resolved', 'closed'])[1 + n % 5],
    (array['low', 'normal', 'high', 'urgent'])[1 + n % 4], 1, now(), now()
  from unnest($1::text[]) with ordinality as row (id, n)`;
const INCIDENTS_SQL = `
  insert into healer.healing_incidents (id, revision, status, signal, target_kind, target_name, target_process, title, decided_by,
    rule, began_at, observed_at, resolved_at, snapshot)
  select i->>'id', 1, i->>'status', i->'cause'->>'signal', 'service', 'billing', 'billing', i->>'title', 'playbook', 'restart',
    (i->>'began_at')::timestamptz, (i->>'observed_at')::timestamptz, (i->>'resolved_at')::timestamptz, i::json
  from jsonb_array_elements($1::jsonb) i`;

/** Ids of one kind, oldest first, one minute apart, the last one an hour ago. */
const idsOf = (kind: 'apiKey' | 'ticket' | 'incident', count: number): string[] =>
  Array.from({ length: count }, (_, n) => newId(kind, Date.now() - (count - n + 60) * MINUTE_MS));

function incident(id: string, n: number, entries: number): Incident {
  const began = Date.now() - (INCIDENTS - n + 60) * MINUTE_MS;
  const at = (ms: number) => new Date(began + ms).toISOString();
  const what = ['joined', 'guarded', 'acted', 'not-verified'] as const;
  return incidentSchema.parse({
    ...{ object: 'incident', id, status: 'resolved', title: `billing does not respond (${n})` },
    cause: {
      signal: 'instance.unresponsive',
      target: { kind: 'service', name: 'billing', process: 'billing' },
    },
    ...{ began_at: at(0), observed_at: at(900), resolved_at: at(4000 + entries) },
    ...{
      decided_by: 'playbook',
      rule: 'restart',
      actions: [],
      symptoms: [],
      mailed_at: null,
      trace_id: null,
    },
    timeline: Array.from({ length: entries }, (_, e) => ({
      at: at(e),
      // The first half has one kind: the page shows it as one group.
      what: e < entries / 2 ? 'joined' : what[e % 4],
      text: `Entry ${e} of the observations and actions.`,
    })),
    ...{ experiment: null, revision: 1 },
  });
}

/**
 * The rows of a year of use, inserted by the superuser: keys and tickets of one partner, incidents, one of
 * them very long. Returns the id of the long one.
 */
export async function seedRows(databaseUrl: string, partnerId: string, userId: string): Promise<string> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(KEYS_SQL, [idsOf('apiKey', KEYS), partnerId, userId]);
    await client.query(TICKETS_SQL, [idsOf('ticket', TICKETS), partnerId]);
    const ids = idsOf('incident', INCIDENTS);
    for (let n = 0; n < ids.length; n += AT_ONCE) {
      const part = ids.slice(n, n + AT_ONCE).map((id, index) => incident(id, n + index, 12));
      await client.query(INCIDENTS_SQL, [JSON.stringify(part)]);
    }
    const long = newId('incident', Date.now() - 30 * MINUTE_MS);
    await client.query(INCIDENTS_SQL, [JSON.stringify([incident(long, INCIDENTS, ENTRIES)])]);
    for (const table of ['auth.api_keys', 'support.tickets', 'healer.healing_incidents'])
      await client.query(`analyze ${table}`);
    return long;
  } finally {
    await client.end();
  }
}
