import { Database, schemaDifferences } from '@gridworks/persistence';
import { UNPROTECTED_TABLES_SQL } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountEntity } from '../src/accounts/account.entity.ts';
import { startBilling } from './billing-under-test.ts';

describe('the entities of billing', () => {
  let billing: ServiceUnderTest;
  beforeAll(async () => {
    billing = await startBilling();
    const { module } = await billing.startInstance();
    await module.get(Database).whenReady();
  });
  afterAll(() => billing.stop());

  it('equal the tables that the migrations make', async () => {
    const schema = { url: billing.databaseUrl, schema: 'billing', entities: [AccountEntity] };
    expect(await schemaDifferences(schema)).toEqual([]);
    await billing.query('alter table accounts alter column plan_id type varchar(20)');
    expect(await schemaDifferences(schema)).not.toEqual([]);
  });

  it('show each partner its own rows alone', async () => {
    expect(await billing.query(UNPROTECTED_TABLES_SQL)).toEqual([]);
    await billing.query('alter table usage_records no force row level security');
    expect(await billing.query(UNPROTECTED_TABLES_SQL)).toEqual([{ name: 'usage_records' }]);
  });
});
