import { type IdKind, newId } from '@gridworks/contracts';
import type { PortalPeople } from './portal-people.ts';

/** What the other partner has one of. A new kind of object of partners is added here, or to `WITHOUT_VICTIM`. */
export const VICTIM_KINDS = [
  ...(['partner', 'user', 'member', 'role', 'invitation', 'session', 'apiKey', 'passkey'] as const),
  ...([
    'ticket',
    'supportAccess',
    'auditEntry',
    'domain',
    'application',
    'scimToken',
    'scimGroup',
    'scimUser',
  ] as const),
  ...(['externalIdentity', 'ssoConnection'] as const),
] satisfies IdKind[];
export type VictimKind = (typeof VICTIM_KINDS)[number];

/** A partner that none of the callers belongs to, with one of everything. */
export interface Victim {
  readonly ids: Readonly<Record<VictimKind, string>>;
  /** Texts of it that nobody else may ever see. */
  readonly secrets: readonly string[];
  /** A digest of every row of it and of its owner. */
  fingerprint(): Promise<string>;
}

/**
 * Kinds of ids that are no object of a partner or person, or are themselves the right to see one, so that no victim
 * can have one that another caller must not reach.
 */
export const WITHOUT_VICTIM: Readonly<Partial<Record<IdKind, string>>> = {
  demo: 'a sandbox is open to everybody who has its id',
  planVersion: 'plans belong to GridWorks',
  limitOverride: 'it is named by its partner and the limit',
  creditGrant:
    'only people of GridWorks name one; services/billing/test/credits.e2e-spec.ts asks for those of others',
  creditMovement: 'no route names one',
  invoice: 'no route makes one yet; services/billing/test/invoices.e2e-spec.ts asks for those of others',
  payment:
    'needs an invoice, and a payment provider; services/billing/test/payments.e2e-spec.ts asks for those of others',
  paymentMethod:
    'is added at a payment provider; services/billing/test/payments.e2e-spec.ts asks for those of others',
};

const TABLES = `
  select n.nspname as schema, c.relname as table,
    (select array_agg(a.attname::text) from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
       and a.attname in ('partner_id', 'user_id', 'chain')) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('auth', 'billing', 'support') and c.relkind in ('r', 'p') and not c.relispartition
  order by 1, 2`;

/** The audited acts of `makeVictim`: the registration, the log-in, and nine objects. */
const CALLS = 11;

/** Makes it. `mark` is part of each of its texts. */
export async function makeVictim(people: PortalPeople, mark: string): Promise<Victim> {
  const owner = await people.register(`Victim ${mark}`);
  const { token, partnerId, userId } = owner;
  const post = <T = { id: string }>(path: string, body: object) => people.call<T>('POST', path, token, body);
  const key = await post<{ id: string; key: string }>('/v1/api-keys', { name: mark, mode: 'live' });
  const ticket = await post('/v1/tickets', { subject: mark, body: mark });
  const role = await post('/v1/roles', { name: mark, permissions: ['usage:read'] });
  const invitation = await post('/v1/invitations', { email: `${mark}@example.com`, role: 'viewer' });
  const access = await post('/v1/support-access', { access: 'write', hours: 1 });
  const domain = await post('/v1/domains', { domain: `${mark.toLowerCase()}.com` });
  const application = await post('/v1/applications', {
    ...{ name: mark, kind: 'service', scopes: ['usage:read'] },
  });
  const scim = await post<{ id: string; token: string }>('/v1/scim/tokens', { name: mark });
  const group = await people.call<{ id: string }>('POST', '/scim/v2/Groups', scim.token, {
    ...{ schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: mark },
  });
  const [member] = await people.query<{ id: string }>('select id from auth.memberships where user_id = $1', [
    userId,
  ]);
  const [session] = await people.query<{ id: string }>(
    'select id from auth.sessions where user_id = $1 and revoked_at is null limit 1',
    [userId],
  );
  // A passkey needs a browser; its row is enough to be asked for.
  const passkey = newId('passkey');
  await people.query(
    `insert into auth.passkeys (id, user_id, credential_id, public_key, counter, transports, synced, name, created_at)
     values ($1, $2, $1, '', 0, '{}', false, $3, now())`,
    [passkey, userId, mark],
  );
  // These need a provider or a domain; the rows are enough, too.
  const externalIdentity = newId('externalIdentity');
  await people.query(
    `insert into auth.external_identities (id, user_id, provider, subject, email, linked_at)
     values ($1, $2, 'matrix', $1, $3, now())`,
    [externalIdentity, userId, owner.email],
  );
  const scimUser = newId('scimUser');
  await people.query(
    `insert into auth.scim_users (id, partner_id, user_id, user_name, manages_role, created_at, updated_at)
     values ($1, $2, $3, $4, false, now(), now())`,
    [scimUser, partnerId, userId, mark],
  );
  const ssoConnection = newId('ssoConnection');
  await people.query(
    `insert into auth.sso_connections (id, partner_id, kind, name, state, settings, default_role, created_by, created_at, changed_at)
     values ($1, $2, 'saml', $3, 'draft', '{}', 'viewer', $4, now(), now())`,
    [ssoConnection, partnerId, mark, userId],
  );
  const auditEntry = await firstEntry(people, partnerId, CALLS);
  const ids = {
    ...{
      partner: partnerId,
      user: userId,
      apiKey: key.id,
      ticket: ticket.id,
      role: role.id,
      passkey,
      auditEntry,
    },
    ...{ invitation: invitation.id, supportAccess: access.id, domain: domain.id },
    ...{ externalIdentity, ssoConnection, scimUser },
    ...{ application: application.id, scimToken: scim.id, scimGroup: group.id },
    ...{ member: member?.id ?? '', session: session?.id ?? '' },
  };
  return {
    ids,
    // Its ids are in the requests, and problem documents may name them.
    secrets: [mark, key.key, scim.token, owner.email],
    fingerprint: () => fingerprint(people, partnerId, userId),
  };
}

/** The first entry of the victim in the audit log, once all of them are there: the log is written a moment after the acts. */
async function firstEntry(people: PortalPeople, partnerId: string, acts: number): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const rows = await people.query<{ id: string }>(
      'select id from auth.audit_entries where chain = $1 order by sequence',
      [partnerId],
    );
    if (rows[0] && rows.length >= acts) return rows[0].id;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the acts of the victim are not in the audit log after 10 s');
}

/** What moves by itself: the relay and its mails, and what is written when somebody logs in. */
const MOVING = new Set(['outbox', 'inbox', 'known_networks', 'idempotency_keys']);

async function fingerprint(people: PortalPeople, partnerId: string, userId: string): Promise<string> {
  const tables = await people.query<{ schema: string; table: string; columns: string[] | null }>(TABLES);
  const parts: string[] = [];
  for (const { schema, table, columns } of tables) {
    if (!columns || MOVING.has(table)) continue;
    const owned = columns.map((column) => `${column} = ${column === 'user_id' ? '$2' : '$1'}`).join(' or ');
    const [row] = await people.query<{ rows: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '' order by t::text)), '') as rows
       from ${schema}.${table} t where ($1::text is not null and $2::text is not null) and (${owned})`,
      [partnerId, userId],
    );
    parts.push(`${schema}.${table} ${row?.rows}`);
  }
  return parts.join('\n');
}
