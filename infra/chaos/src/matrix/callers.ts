import { randomBytes } from 'node:crypto';
import { newApiKey, PARTNER_ROLES, PLATFORM_ROLES } from '@gridworks/contracts';
import pg from 'pg';
import { logIn } from '../requests/probe-partner.ts';
import { freshAddress, PortalClient } from '../system/portal-client.ts';
import type { RunningSystem } from '../system/running-system.ts';
import type { Standing } from './expect-outcome.ts';

/** One column of the matrix. */
export interface MatrixCaller {
  readonly name: string;
  readonly standing: Standing;
  /** Undefined: no credential is sent. */
  readonly token: string | undefined;
  /** What else the request carries. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A person who can log in, with a partner of their own. */
interface Person {
  readonly userId: string;
  readonly partnerId: string;
  readonly email: string;
  readonly token: string;
}

const PASSWORD_BYTES = 15;
/** What the role of the partner's own holds; the last two may be in no such role. */
const CUSTOM = ['usage:read', 'tickets:read', 'ownership:write', 'partners:read'];
const SCOPES = ['usage:read'];

/** Makes people and keys by the public API, and what no API makes (roles of the platform, expired credentials) in the database. */
export class CallerFactory {
  readonly #system: RunningSystem;
  readonly #sql: pg.Client;
  readonly #password = randomBytes(PASSWORD_BYTES).toString('base64url');
  readonly #clients: PortalClient[] = [];

  private constructor(system: RunningSystem, sql: pg.Client) {
    this.#system = system;
    this.#sql = sql;
  }

  static async open(system: RunningSystem): Promise<CallerFactory> {
    const sql = new pg.Client({ connectionString: system.databaseUrl });
    await sql.connect();
    return new CallerFactory(system, sql);
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.#sql.end();
  }

  /** Rows of the services' tables, as the superuser sees them. */
  async query<R extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<R[]> {
    return (await this.#sql.query<R>(sql, values)).rows;
  }

  /** Registers a partner with its owner, from an address of its own: registrations are counted for each. */
  async register(name: string): Promise<Person> {
    const client = this.#client();
    const email = `matrix-${randomBytes(6).toString('hex')}@example.com`;
    const { partner, user } = await client.get<{ partner: { id: string }; user: { id: string } }>(
      '/v1/partners',
      {
        method: 'POST',
        body: { name, email, password: this.#password },
        timeoutMs: 10_000,
      },
    );
    return {
      userId: user.id,
      partnerId: partner.id,
      email,
      token: await logIn(client, email, this.#password),
    };
  }

  logIn({ email }: Person): Promise<string> {
    return logIn(this.#client(), email, this.#password);
  }

  /** A JSON request that must succeed. */
  call<T>(method: 'GET' | 'POST', path: string, token: string, body?: object): Promise<T> {
    return this.#client().get<T>(path, { method, token, ...(body ? { body } : {}), timeoutMs: 10_000 });
  }

  /** Every kind of caller, all of them strangers to `victim`. */
  async callers(): Promise<MatrixCaller[]> {
    const owner = await this.register('Matrix');
    const live = await this.#key(owner, { mode: 'live' });
    return [
      { name: 'nobody', standing: { kind: 'nobody' }, token: undefined },
      ...(await this.#people(owner)),
      ...(await this.#keys(owner, live)),
      ...(await this.#accessTokens(owner)),
      await this.#directory(owner),
      ...(await this.#refused(live)),
      await this.#impersonator(await this.register('Matrix')),
    ];
  }

  async #people(owner: Person): Promise<MatrixCaller[]> {
    const person = (name: string, role: string, token: string): MatrixCaller => ({
      ...{ name, standing: { kind: 'person', role }, token },
    });
    const found = [person('owner', 'owner', owner.token)];
    for (const role of PARTNER_ROLES.filter((one) => one !== 'owner'))
      found.push(person(role, role, await this.#member(owner, role, null)));
    for (const role of PLATFORM_ROLES) found.push(person(role, role, await this.#platformPerson(role)));
    const alone = await this.register('Matrix');
    await this.query('delete from auth.memberships where user_id = $1', [alone.userId]);
    found.push(person('a person without a partner', 'none', await this.logIn(alone)));
    const { id } = await this.call<{ id: string }>('POST', '/v1/roles', owner.token, {
      name: 'Matrix',
      permissions: CUSTOM.slice(0, 2),
    });
    await this.query('update auth.roles set permissions = $2 where id = $1', [id, CUSTOM]);
    found.push({
      name: 'a role of the partner’s own',
      standing: { kind: 'custom', permissions: CUSTOM },
      token: await this.#member(owner, 'custom', id),
    });
    const stale = await this.logIn(owner);
    await this.#age(stale, 'authenticated_at');
    found.push({
      name: 'an owner whose proof is old',
      standing: { kind: 'person', role: 'owner', staleProof: true },
      token: stale,
    });
    return found;
  }

  async #keys(owner: Person, live: string): Promise<MatrixCaller[]> {
    return [
      { name: 'a live key', standing: { kind: 'key', mode: 'live' }, token: live },
      {
        name: 'a test key',
        standing: { kind: 'key', mode: 'test' },
        token: await this.#key(owner, { mode: 'test' }),
      },
      {
        name: 'a key with one scope',
        standing: { kind: 'key', mode: 'live', scopes: SCOPES },
        token: await this.#key(owner, { mode: 'live', scopes: SCOPES }),
      },
    ];
  }

  async #accessTokens(owner: Person): Promise<MatrixCaller[]> {
    const kept = await this.#accessToken(owner);
    const removed = await this.#accessToken(owner);
    await this.#client().get(`/v1/applications/${removed.id}`, { method: 'DELETE', token: owner.token });
    const [head, payload, signature = ''] = kept.token.split('.');
    const refused = { kind: 'refused', code: 'AUTH.CREDENTIAL_REFUSED' } as const;
    return [
      {
        name: 'a service account with one scope',
        standing: { kind: 'service_account', scopes: SCOPES },
        token: kept.token,
      },
      { name: 'a revoked application’s access token', standing: refused, token: removed.token },
      {
        name: 'an access token with another signature',
        standing: refused,
        token: `${head}.${payload}.${mutate(signature)}`,
      },
    ];
  }

  async #directory({ token }: Person): Promise<MatrixCaller> {
    const made = await this.call<{ token: string }>('POST', '/v1/scim/tokens', token, { name: 'Matrix' });
    return { name: 'the directory of a partner', standing: { kind: 'directory' }, token: made.token };
  }

  /** By client credentials (RFC 6749, 4.4). */
  async #accessToken({ token }: Person): Promise<{ id: string; token: string }> {
    const application = await this.call<{ id: string; client_secret: string }>(
      'POST',
      '/v1/applications',
      token,
      { name: 'Matrix', kind: 'service', scopes: SCOPES },
    );
    const response = await fetch(`${this.#system.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'client_credentials', client_id: application.id },
        client_secret: application.client_secret,
      }),
    });
    const { access_token: made } = (await response.json()) as { access_token?: string };
    if (made === undefined) throw new Error(`a service account got no token: ${response.status}`);
    return { id: application.id, token: made };
  }

  /** Credentials that open nothing. */
  async #refused(live: string): Promise<MatrixCaller[]> {
    const refused = (name: string, token: string, code = 'AUTH.CREDENTIAL_REFUSED'): MatrixCaller => ({
      ...{ name, standing: { kind: 'refused', code }, token },
    });
    const other = await this.register('Matrix, over');
    const expired = await this.#key(other, { mode: 'live' });
    await this.query(`update auth.api_keys set expires_at = now() - interval '1 second' where id = $1`, [
      await this.#keyId(other, expired),
    ]);
    const revoked = await this.#key(other, { mode: 'live' });
    await this.query('update auth.api_keys set revoked_at = now() where id = $1', [
      await this.#keyId(other, revoked),
    ]);
    const bound = await this.#key(other, { mode: 'live', allowed_networks: ['192.0.2.0/24'] });
    const ended = await this.logIn(other);
    await this.#age(ended, 'revoked_at');
    const over = await this.logIn(other);
    await this.#age(over, 'expires_at');
    const left = await this.register('Matrix, left');
    await this.query('delete from auth.memberships where user_id = $1', [left.userId]);
    const suspended = await this.register('Matrix, suspended');
    const suspendedKey = await this.#key(suspended, { mode: 'live' });
    await this.call('POST', `/v1/admin/partners/${suspended.partnerId}/suspend`, await this.#admin(), {
      reason: 'matrix of routes and callers',
    });
    return [
      refused('an unknown key', newApiKey('live')),
      refused('a key with a wrong checksum', `${live.slice(0, -1)}${live.endsWith('A') ? 'B' : 'A'}`),
      refused('an expired key', expired),
      refused('a revoked key', revoked),
      refused('a key from another network', bound, 'AUTH.NETWORK_NOT_ALLOWED'),
      refused('an ended session', ended),
      refused('an expired session', over),
      refused('a session token with one other character', mutate(over)),
      refused('a suspended partner’s owner', suspended.token, 'AUTH.PARTNER_SUSPENDED'),
      refused('a suspended partner’s key', suspendedKey, 'AUTH.PARTNER_SUSPENDED'),
    ];
  }

  async #impersonator(owner: Person): Promise<MatrixCaller> {
    await this.call('POST', '/v1/support-access', owner.token, { access: 'read', hours: 1 });
    const { token } = await this.call<{ token: string }>(
      'POST',
      '/v1/admin/impersonations',
      await this.#platformPerson('platform_support'),
      { partner_id: owner.partnerId, reason: 'matrix of routes and callers' },
    );
    return { name: 'support, reading for the partner', standing: { kind: 'impersonator' }, token };
  }

  #admin(): Promise<string> {
    return logIn(this.#client(), this.#system.admin.email, this.#system.admin.password);
  }

  /** A session of a new member of the partner. */
  async #member(owner: Person, role: string, roleId: string | null): Promise<string> {
    const person = await this.register('Matrix, left');
    await this.query(
      'update auth.memberships set partner_id = $2, role = $3, role_id = $4 where user_id = $1',
      [person.userId, owner.partnerId, role, roleId],
    );
    await this.query('update auth.users set last_partner_id = $2 where id = $1', [
      person.userId,
      owner.partnerId,
    ]);
    return this.logIn(person);
  }

  async #platformPerson(role: string): Promise<string> {
    const person = await this.register('Matrix, left');
    await this.query('delete from auth.memberships where user_id = $1', [person.userId]);
    await this.query('update auth.users set platform_role = $2, last_partner_id = null where id = $1', [
      person.userId,
      role,
    ]);
    return this.logIn(person);
  }

  async #key({ token }: Person, options: object): Promise<string> {
    const body = { name: 'matrix', ...options };
    return (await this.call<{ key: string }>('POST', '/v1/api-keys', token, body)).key;
  }

  async #keyId({ token }: Person, key: string): Promise<string> {
    const { data } = await this.call<{ data: { id: string; last4: string }[] }>('GET', '/v1/api-keys', token);
    const found = data.find(({ last4 }) => key.endsWith(last4));
    if (!found) throw new Error('the partner does not list its key');
    return found.id;
  }

  /** Moves a moment of a session an hour into the past, before a gateway has seen the session. */
  async #age(token: string, column: 'authenticated_at' | 'revoked_at' | 'expires_at'): Promise<void> {
    const rows = await this.query(
      `update auth.sessions set ${column} = now() - interval '1 hour'
       where digest = encode(sha256(convert_to($1, 'UTF8')), 'hex') returning id`,
      [token],
    );
    if (rows.length !== 1) throw new Error('the session is not stored under the digest of its token');
  }

  #client(): PortalClient {
    const client = new PortalClient(this.#system.url, 4, freshAddress());
    this.#clients.push(client);
    return client;
  }
}

/** The same length and alphabet, another token. */
function mutate(token: string): string {
  const at = Math.floor(token.length / 2);
  return `${token.slice(0, at)}${token[at] === 'x' ? 'y' : 'x'}${token.slice(at + 1)}`;
}
