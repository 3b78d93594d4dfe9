import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { liftLimits } from '../requests/lift-limits.ts';
import { logIn } from '../requests/probe-partner.ts';
import { freshAddress, PortalClient } from '../system/portal-client.ts';
import type { RunningSystem } from '../system/running-system.ts';

/** A person who can log in, with a partner of their own. */
export interface Person {
  readonly userId: string;
  readonly partnerId: string;
  readonly email: string;
  readonly token: string;
}

const PASSWORD_BYTES = 15;

/** Makes people and credentials by the public API, and what no API makes (roles of the platform, expired credentials) in the database. */
export class PortalPeople {
  readonly system: RunningSystem;
  readonly #sql: pg.Client;
  readonly #password = randomBytes(PASSWORD_BYTES).toString('base64url');
  readonly #clients: PortalClient[] = [];

  private constructor(system: RunningSystem, sql: pg.Client) {
    this.system = system;
    this.#sql = sql;
  }

  static async open(system: RunningSystem): Promise<PortalPeople> {
    const sql = new pg.Client({ connectionString: system.databaseUrl });
    await sql.connect();
    return new PortalPeople(system, sql);
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
    await liftLimits(this.system.databaseUrl, partner.id);
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
  call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, token: string, body?: object): Promise<T> {
    return this.#client().get<T>(path, { method, token, ...(body ? { body } : {}), timeoutMs: 10_000 });
  }

  admin(): Promise<string> {
    return logIn(this.#client(), this.system.admin.email, this.system.admin.password);
  }

  /** A session of a new member of the partner. */
  async member(owner: Person, role: string, roleId: string | null): Promise<string> {
    const person = await this.register('Matrix');
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

  async platformPerson(role: string): Promise<string> {
    const person = await this.register('Matrix');
    await this.query('delete from auth.memberships where user_id = $1', [person.userId]);
    await this.query('update auth.users set platform_role = $2, last_partner_id = null where id = $1', [
      person.userId,
      role,
    ]);
    return this.logIn(person);
  }

  async key({ token }: Person, options: object): Promise<string> {
    const body = { name: 'matrix', ...options };
    return (await this.call<{ key: string }>('POST', '/v1/api-keys', token, body)).key;
  }

  async keyId({ token }: Person, key: string): Promise<string> {
    const { data } = await this.call<{ data: { id: string; last4: string }[] }>('GET', '/v1/api-keys', token);
    const found = data.find(({ last4 }) => key.endsWith(last4));
    if (!found) throw new Error('the partner does not list its key');
    return found.id;
  }

  /** By client credentials (RFC 6749, 4.4). */
  async accessToken({ token }: Person, scopes: readonly string[]): Promise<{ id: string; token: string }> {
    const application = await this.call<{ id: string; client_secret: string }>(
      'POST',
      '/v1/applications',
      token,
      { name: 'Matrix', kind: 'service', scopes },
    );
    const response = await fetch(`${this.system.url}/oauth/token`, {
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

  /** Moves a moment of a session an hour into the past. */
  age(token: string, column: 'authenticated_at' | 'revoked_at' | 'expires_at'): Promise<void> {
    return this.change(token, `${column} = now() - interval '1 hour'`);
  }

  /** Changes the row of a session, before a gateway has seen the session. */
  async change(token: string, assignment: string, ...values: unknown[]): Promise<void> {
    const rows = await this.query(
      `update auth.sessions set ${assignment}
       where digest = encode(sha256(convert_to($1, 'UTF8')), 'hex') returning id`,
      [token, ...values],
    );
    if (rows.length !== 1) throw new Error('the session is not stored under the digest of its token');
  }

  #client(): PortalClient {
    const client = new PortalClient(this.system.url, 4, freshAddress());
    this.#clients.push(client);
    return client;
  }
}
