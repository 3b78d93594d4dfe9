import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { liftLimits } from '../../../infra/chaos/src/requests/lift-limits.ts';
import { RunningSystem } from '../../../infra/chaos/src/system/running-system.ts';
import { DATABASE_NAME } from '../../../infra/local/src/settings/addresses.ts';
import { readEnvironment } from '../../../infra/local/src/settings/read-environment.ts';
import { start } from '../processes.ts';

interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface Portal {
  readonly url: string;
  /** A valid API key. */
  readonly key: string;
  /** The partner of the key, its owner, and the owner's credentials. */
  readonly partnerId: string;
  readonly userId: string;
  readonly login: Credentials;
  /** The first admin of the portal. */
  readonly admin: Credentials;
  /** The URL of PostgreSQL for its superuser. */
  readonly databaseUrl: string;
  readonly system: RunningSystem;
  /** `{ total_calls }` of the key's partner, as billing counted it. */
  usage(): Promise<number>;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

async function post<T>(url: string, body: unknown, token?: string): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/**
 * The whole product, as `npm start` runs it, in a folder of its own on free ports; with a partner and a key.
 */
export async function startPortal(): Promise<Portal> {
  const local = await mkdtemp(join(tmpdir(), 'gridworks-bench-'));
  const env = { PORT: '0', MAIL_PORT: '0', LOCAL_DIR: local, LOG_LEVEL: 'warn' };
  const portal = await start(
    process.execPath,
    ['--no-warnings', '--conditions=source', join(root, 'infra/local/src/commands/start.ts')],
    {
      cwd: root,
      env,
      ready: /ready http:\/\/127\.0\.0\.1:(\d+)/,
      timeoutMs: 180_000,
    },
  );
  const url = `http://127.0.0.1:${portal.port}`;
  const login = { email: 'bench@example.com', password: 'a long bench password' };
  const { partner, user } = await post<{ partner: { id: string }; user: { id: string } }>(
    `${url}/v1/partners`,
    { name: 'Bench', ...login },
  );
  const system = new RunningSystem(readEnvironment(root, { ...process.env, ...env }));
  await liftLimits(system.databaseUrl, partner.id);
  const { token } = await post<{ token: string }>(`${url}/v1/sessions`, login);
  const { key } = await post<{ key: string }>(`${url}/v1/api-keys`, { name: 'bench', mode: 'test' }, token);
  return {
    url,
    key,
    login,
    partnerId: partner.id,
    userId: user.id,
    admin: system.admin,
    system,
    databaseUrl: system.databaseUrl.replace(/[^/]*$/, DATABASE_NAME),
    async usage() {
      const response = await fetch(`${url}/v1/usage`, { headers: { authorization: `Bearer ${token}` } });
      return ((await response.json()) as { total_calls: number }).total_calls;
    },
    async stop() {
      await portal.stop(20_000);
      await rm(local, { recursive: true, force: true });
    },
  };
}
