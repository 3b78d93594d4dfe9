import { credentialDigest, newApiKey, newId } from '@gridworks/contracts';
import pg from 'pg';

/** How many accounts a run has. */
export interface Size {
  readonly partners: number;
  readonly keys: number;
  readonly users: number;
}

/** The accounts of a run: the same for ours and for the peer. */
export interface Accounts {
  readonly partners: readonly string[];
  readonly users: readonly string[];
  /** Whole keys. */
  readonly keys: readonly string[];
}

export function makeAccounts({ partners, keys, users }: Size): Accounts {
  return {
    partners: Array.from({ length: partners }, () => newId('partner')),
    users: Array.from({ length: users }, () => newId('user')),
    keys: Array.from({ length: keys }, () => newApiKey('live')),
  };
}

/** A connection to a database, for `work` alone. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: '-c gridworks.tenant=*' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Stores accounts in the tables of auth. Each tenth key has scopes. */
export function storeOurs(url: string, { partners, users, keys }: Accounts): Promise<void> {
  return withClient(url, async (client) => {
    await client.query(
      `insert into partners (id, name, created_at) select id, 'Partner ' || n, now()
       from unnest($1::text[]) with ordinality as row (id, n)`,
      [partners],
    );
    await client.query(
      `insert into users (id, email, password_hash, created_at) select id, lower(id) || '@example.com', 'none', now()
       from unnest($1::text[]) id`,
      [users],
    );
    await client.query(
      `insert into memberships (id, partner_id, user_id, role, created_at)
       select 'mem_' || substr(id, 5), ($2::text[])[1 + n % $3::int], id, 'developer', now()
       from unnest($1::text[]) with ordinality as row (id, n)`,
      [users, partners, partners.length],
    );
    await client.query(
      `insert into api_keys (id, partner_id, created_by, name, mode, digest, last4, scopes, created_at)
       select id, ($4::text[])[1 + n % $6::int], ($5::text[])[1 + n % $7::int], 'key ' || n, 'live', digest, last4,
         case when n % 10 = 0 then array['usage:read', 'plans:read'] end, now()
       from unnest($1::text[], $2::text[], $3::text[]) with ordinality as row (id, digest, last4, n)`,
      [
        keys.map(() => newId('apiKey')),
        keys.map(credentialDigest),
        keys.map((key) => key.slice(-4)),
        ...[partners, users, partners.length, users.length],
      ],
    );
    for (const table of ['partners', 'users', 'memberships', 'api_keys'])
      await client.query(`analyze ${table}`);
  });
}

/** The number of the next transaction that writes: reading takes none. */
export function writesSoFar(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query('select pg_snapshot_xmax(pg_current_snapshot())::text as xid');
    return Number(rows[0].xid);
  });
}
