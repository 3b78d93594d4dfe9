import { authorize, credentialDigest, listPlans } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { LIBRARY_MIGRATIONS } from '../../../libs/persistence/src/migrations/library-migrations.ts';
import { migrations } from '../../../services/auth/migrations/index.ts';
import { entities } from '../../../services/auth/src/auth.entities.ts';
import { CredentialRepository } from '../../../services/auth/src/credentials/credential.repository.ts';
import { VerifyCredentialHandler } from '../../../services/auth/src/credentials/verify-credential.handler.ts';
import { CallerFinder } from '../../../services/gateway/src/credentials/caller-finder.ts';
import { PrincipalCache } from '../../../services/gateway/src/credentials/principal-cache.ts';

const CALL = { address: '203.0.113.7', requestId: 'bench', traceparent: '' };
const POOL = 4;
const READY_MS = 30_000;

/** Our check of a key, as the gateway and auth do it; without HTTP and without the bus between them. */
export interface OurCheck {
  /** The gateway: parse, checksum, SHA-256, remembered principal, permission. A promise only the first time. */
  warm(key: string): void | Promise<void>;
  /** Auth: what the gateway requests for a key that it does not remember. */
  cold(key: string): Promise<void>;
  /** Forgets all keys, as after a start. */
  forget(): void;
  close(): Promise<void>;
}

/** @param url the database of auth, which is migrated here when that is needed */
export async function openOurs(url: string): Promise<OurCheck> {
  const logger = createLogger({ service: 'bench', instance: 'bench', level: 'error' });
  const database = new Database({
    ...{ url, schema: 'auth', applicationName: 'bench', entities, poolSize: POOL, logger },
    migrations: [...LIBRARY_MIGRATIONS, ...migrations],
  });
  database.start();
  await untilReady(database);
  // A key is neither a session nor an access token: second factors, tokens, and what follows a session's use are never asked.
  const credentials = new CredentialRepository(database, undefined as never);
  const unasked = undefined as never;
  const handler = new VerifyCredentialHandler(credentials, unasked, unasked, database, logger);
  const verify = (digest: string) => handler.verify({ kind: 'api_key', digest, passive: false });
  const cache = new PrincipalCache({
    verify: async ({ digest }) => {
      const { principal, expires_at, allowed_networks, limits } = await verify(digest);
      return {
        principal,
        expiresAt: expires_at === null ? null : Date.parse(expires_at),
        allowedNetworks: allowed_networks,
        limits,
      };
    },
  });
  const finder = new CallerFinder(cache, { beginGuess: () => undefined, endGuess: () => undefined });
  return {
    warm(key) {
      const found = finder.find(key, CALL);
      if (found instanceof Promise) return found.then(({ principal }) => authorize(listPlans, principal));
      if (found.networks?.has(CALL.address) === false) throw new Error('from another network');
      authorize(listPlans, found.principal);
    },
    async cold(key) {
      authorize(listPlans, (await verify(credentialDigest(key))).principal);
    },
    forget: () => cache.clear(),
    close: () => database.close(),
  };
}

async function untilReady(database: Database): Promise<void> {
  for (const until = Date.now() + READY_MS; ; ) {
    try {
      await database.read((manager) => manager.query('select 1 from api_keys limit 1'));
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
