import { createHash } from 'node:crypto';
import { chownSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceRole } from '../../../postgres/provision-database.ts';
import { writeFileAtomic } from '../files/write-file.ts';
import { DATABASE_NAME } from '../settings/addresses.ts';
import type { Secrets } from '../settings/secrets.ts';
import { SERVICE_TABLE } from '../settings/topology.ts';
import { StepError } from '../terminal/progress.ts';

/** Increase this number when provisioning changes: every clone then runs it once more. */
const PROVISIONING_VERSION = 4;

function rolesOf(secrets: Secrets): ServiceRole[] {
  return SERVICE_TABLE.filter(({ database }) => database).map(({ service }) => ({
    name: service,
    password: secrets.database_passwords[service],
    monitors: service === 'monitor',
    endsSessions: service === 'healer',
  }));
}

/** Roles and schemas in our own PostgreSQL; skipped when this data folder has them already. */
export async function provisionOwn(
  dataFolder: string,
  port: number,
  secrets: Secrets,
  secretsFile = 'secrets.json',
): Promise<'made' | 'found'> {
  const roles = rolesOf(secrets);
  const stamp = createHash('sha256')
    .update(JSON.stringify([PROVISIONING_VERSION, roles]))
    .digest('hex');
  // Inside the data folder, so that the stamp is moved and deleted with the data.
  const stampFile = join(dataFolder, 'gridworks.provisioned');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    giveToOwner(stampFile, dataFolder);
    return 'found';
  }
  // Imported only here: a second start does not need the client.
  const { ensureDatabase, provisionDatabase } = await import('../../../postgres/provision-database.ts');
  const server = `postgres://postgres:${encodeURIComponent(secrets.postgres_password)}@127.0.0.1:${port}/postgres`;
  try {
    await provisionDatabase(await ensureDatabase(server, DATABASE_NAME), roles, { closeToPublic: true });
  } catch (error) {
    // 28P01: the data was created with other secrets.
    if ((error as { code?: string }).code !== '28P01') throw error;
    throw new StepError(`the data folder does not know the password in ${secretsFile}`, [
      'Restore the secrets that belong to it, or start over with nothing: npm start -- --fresh',
    ]);
  }
  writeFileAtomic(stampFile, stamp, { mode: 0o600 });
  giveToOwner(stampFile, dataFolder);
  return 'made';
}

/** A backup fails at a file in the data folder that PostgreSQL's user cannot read. */
function giveToOwner(file: string, folder: string): void {
  const { uid, gid } = statSync(folder);
  if (process.getuid?.() === 0) chownSync(file, uid, gid);
}

/**
 * SQL for a superuser that gives the role of `url` the right to provision. From PostgreSQL 16 on, CREATEROLE
 * is not enough to grant `pg_monitor` and its like or to alter roles that another role created: both need the admin
 * option.
 */
function provisionerGrants(url: string, roles: readonly ServiceRole[]): string[] {
  const { username, pathname } = new URL(url);
  const quoted = (name: string) => `"${decodeURIComponent(name).replaceAll('"', '""')}"`;
  const provisioner = username ? quoted(username) : '<its role>';
  const database = pathname.length > 1 ? quoted(pathname.slice(1)) : provisioner;
  const names = roles.map(({ name }) => `'${name}'`).join(', ');
  return [
    `ALTER ROLE ${provisioner} CREATEROLE;`,
    `GRANT CREATE ON DATABASE ${database} TO ${provisioner};`,
    `GRANT CONNECT ON DATABASE ${database} TO ${provisioner} WITH GRANT OPTION;`,
    `GRANT pg_monitor, pg_read_all_stats, pg_signal_backend TO ${provisioner} WITH ADMIN OPTION;`,
    // Only existing roles: on a new server there are none yet.
    `DO $$ DECLARE r text; BEGIN FOR r IN SELECT rolname FROM pg_roles WHERE rolname IN (${names}) LOOP`,
    `  EXECUTE format('GRANT %I TO ${provisioner.replaceAll("'", "''")} WITH ADMIN OPTION', r); END LOOP; END $$;`,
  ];
}

/** Roles and schemas in the database of DATABASE_URL. Throws StepError when its role may not create them. */
export async function provisionForeign(url: string, secrets: Secrets): Promise<void> {
  const { MayNotProvisionError, provisionDatabase } = await import('../../../postgres/provision-database.ts');
  const roles = rolesOf(secrets);
  try {
    // Other programs may use this database through the rights of PUBLIC.
    await provisionDatabase(url, roles, { closeToPublic: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof MayNotProvisionError) {
      throw new StepError(`the role in DATABASE_URL may not create roles and schemas: ${reason}`, [
        `It creates one role and schema each for ${roles.map(({ name }) => name).join(', ')}.`,
        'Name a superuser in DATABASE_URL, or run this as one in that database:',
        ...provisionerGrants(url, roles).map((line) => `  ${line}`),
      ]);
    }
    throw new StepError(`the server in DATABASE_URL cannot be used: ${reason}`, [
      'Check host, port, user, password and database in DATABASE_URL, or unset it to use the PostgreSQL that npm start runs.',
    ]);
  }
}
