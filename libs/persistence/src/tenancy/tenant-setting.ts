import type { Client, PoolClient } from 'pg';

/**
 * The setting of a connection by which the policies of the tables decide: the id of the partner whose rows it sees,
 * or `EVERY_PARTNER`. Without it a connection sees no row of any partner.
 */
export const TENANT_SETTING = 'gridworks.tenant';

/** For the service's own work, for the platform's people, and for what is about a person with several partners. */
export const EVERY_PARTNER = '*';

/** What a connection that serves no request is opened with. */
export const EVERY_PARTNER_OPTION = `-c ${TENANT_SETTING}=${EVERY_PARTNER}`;

const current = new WeakMap<object, string>();

/**
 * Sets whose rows a connection of the pool sees, before its work begins: outside of a transaction, so that a rollback
 * does not undo it. One round trip where the tenant changes, none where it does not.
 */
export async function setTenant(client: Client | PoolClient, tenant = EVERY_PARTNER): Promise<void> {
  if (current.get(client) === tenant) return;
  current.delete(client);
  await client.query('select set_config($1, $2, false)', [TENANT_SETTING, tenant]);
  current.set(client, tenant);
}
