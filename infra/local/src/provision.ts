import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceRole } from '../../postgres/provision-database.ts';
import { databaseName } from './addresses.ts';
import { StepError } from './progress.ts';
import type { Secrets } from './secrets.ts';
import { SERVICE_TABLE } from './topology.ts';
import { writeFileAtomic } from './write-file.ts';

/** Raise it when what provisioning does changes: every clone then runs it once more. */
const provisioningVersion = 1;

function rolesOf(secrets: Secrets): ServiceRole[] {
  return SERVICE_TABLE.filter(({ database }) => database).map(({ service }) => ({
    name: service,
    password: secrets.database_passwords[service],
    monitors: service === 'monitor',
  }));
}

/** Roles and schemas in our own PostgreSQL; skipped when this data folder has them already. */
export async function provisionOwn(
  dataFolder: string,
  port: number,
  secrets: Secrets,
): Promise<'made' | 'found'> {
  const roles = rolesOf(secrets);
  const stamp = createHash('sha256')
    .update(JSON.stringify([provisioningVersion, roles]))
    .digest('hex');
  // Inside the data folder, so that it goes where the data goes.
  const stampFile = join(dataFolder, 'gridworks.provisioned');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 'found';
  // Loaded here alone: a second start does not need the client.
  const { ensureDatabase, provisionDatabase } = await import('../../postgres/provision-database.ts');
  const server = `postgres://postgres:${encodeURIComponent(secrets.postgres_password)}@127.0.0.1:${port}/postgres`;
  try {
    await provisionDatabase(await ensureDatabase(server, databaseName), roles);
  } catch (error) {
    // 28P01: the data was made with other secrets.
    if ((error as { code?: string }).code !== '28P01') throw error;
    throw new StepError('the data folder does not know the password in .local/secrets.json', [
      'Restore the secrets that belong to it, or start over with nothing: npm start -- --fresh',
    ]);
  }
  writeFileAtomic(stampFile, stamp, 0o600);
  return 'made';
}

/** Roles and schemas in the database of DATABASE_URL. Throws StepError when its role may not make them. */
export async function provisionForeign(url: string, secrets: Secrets): Promise<void> {
  const { MayNotProvisionError, provisionDatabase } = await import('../../postgres/provision-database.ts');
  const roles = rolesOf(secrets);
  try {
    await provisionDatabase(url, roles);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof MayNotProvisionError) {
      throw new StepError(`the role in DATABASE_URL may not make roles and schemas: ${reason}`, [
        'Give it CREATEROLE, and CREATE on its database, or name a superuser:',
        '  ALTER ROLE … CREATEROLE; GRANT CREATE ON DATABASE … TO …;',
        ...['It makes one role and schema each for', `${roles.map(({ name }) => name).join(', ')}.`],
      ]);
    }
    throw new StepError(`the server in DATABASE_URL does not do: ${reason}`, [
      'Check host, port, user, password and database in DATABASE_URL, or unset it to use a PostgreSQL of our own.',
    ]);
  }
}
