import { Database, schemaDifferences } from '@gridworks/persistence';
import { UNPROTECTED_TABLES_SQL } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { entities } from '../src/auth.entities.ts';
import { startAuth } from './auth-under-test.ts';

describe('the entities of auth', () => {
  let auth: ServiceUnderTest;
  beforeAll(async () => {
    ({ auth } = await startAuth());
    const { module } = await auth.startInstance();
    await module.get(Database).whenReady();
  });
  afterAll(() => auth.stop());

  it('equal the tables that the migrations make', async () => {
    const schema = { url: auth.databaseUrl, schema: 'auth', entities: entities };
    expect(await schemaDifferences(schema)).toEqual([]);
    await auth.query('drop index memberships_role_idx');
    expect(await schemaDifferences(schema)).not.toEqual([]);
  });

  it('show each partner its own rows alone', async () => {
    expect(await auth.query(UNPROTECTED_TABLES_SQL)).toEqual([]);
    await auth.query('alter table memberships no force row level security');
    expect(await auth.query(UNPROTECTED_TABLES_SQL)).toEqual([{ name: 'memberships' }]);
  });
});
