import { apiKey, defaultKeyHasher } from '@better-auth/api-key';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import pg from 'pg';
import { type Accounts, withClient } from './accounts.ts';

const POOL = 4;

/** better-auth's check of a key: one call of its API, without HTTP. */
export interface PeerCheck {
  check(key: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * better-auth with its plugin for API keys on a database of its own, with these accounts. Its limit of calls for each
 * key is off: ours is not part of the check either.
 */
export async function openPeer(url: string, accounts: Accounts): Promise<PeerCheck> {
  const pool = new pg.Pool({ connectionString: url, max: POOL });
  const options = {
    database: pool,
    secret: 'a secret of the bench, at least 32 long',
    baseURL: 'http://127.0.0.1:1',
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [apiKey({ rateLimit: { enabled: false } })],
  } satisfies BetterAuthOptions;
  await (await getMigrations(options)).runMigrations();
  await storePeers(url, accounts);
  const auth = betterAuth(options);
  return {
    async check(key) {
      const { valid, error } = await auth.api.verifyApiKey({ body: { key } });
      if (!valid) throw new Error(`better-auth refuses the key: ${JSON.stringify(error)}`);
    },
    close: () => pool.end(),
  };
}

function storePeers(url: string, { users, keys }: Accounts): Promise<void> {
  return withClient(url, async (client) => {
    await client.query(
      `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
       select id, id, lower(id) || '@example.com', true, now(), now() from unnest($1::text[]) id`,
      [users],
    );
    const hashes = await Promise.all(keys.map((key) => defaultKeyHasher(key)));
    await client.query(
      `insert into apikey (id, "configId", "referenceId", key, enabled, "rateLimitEnabled", "requestCount", "createdAt", "updatedAt")
       select 'key-' || n, 'default', ($2::text[])[1 + n % $3::int], hash, true, false, 0, now(), now()
       from unnest($1::text[]) with ordinality as row (hash, n)`,
      [hashes, users, users.length],
    );
    await client.query('analyze');
  });
}
