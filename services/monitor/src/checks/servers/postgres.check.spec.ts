import { createLogger } from '@gridworks/observability';
import { Database, type MigrationClass } from '@gridworks/persistence';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresCheck } from './postgres.check.ts';

type Migration = InstanceType<MigrationClass>;

/** A schema of monitor that never becomes ready. */
class NeverApplies1795996800099 implements Migration {
  readonly name = 'NeverApplies1795996800099';
  async up(): Promise<void> {
    throw new Error('this migration never applies');
  }
  async down(): Promise<void> {
    // There is nothing to undo.
  }
}

describe('PostgresCheck', () => {
  let server: PostgresServer;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres();
    database = new Database({
      url: await server.createServiceDatabase('monitor'),
      schema: 'monitor',
      applicationName: 'monitor',
      migrations: [NeverApplies1795996800099],
      logger: createLogger({ service: 'monitor', instance: 'monitor', level: 'silent' }),
    });
    database.start();
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });
  const probe = () => new PostgresCheck(database).probe(AbortSignal.timeout(5000));

  it('finds a server healthy that responds, though the tables of monitor are not ready', async () => {
    const boot = await eventually(async () => {
      const found = await probe();
      expect(found).not.toBeNull();
      return found;
    });
    await expect(database.check()).rejects.toThrow('the schema is not ready');
    expect(boot).toBe(database.boot());
  });

  it('finds a killed server away', async () => {
    await server.kill9();
    await eventually(() => expect(probe()).rejects.toThrow());
  });
});
