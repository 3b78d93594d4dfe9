import { Database, schemaDifferences } from '@gridworks/persistence';
import { UNPROTECTED_TABLES_SQL } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TicketEntity } from '../src/tickets/ticket.entity.ts';
import { startSupport } from './support-under-test.ts';

describe('the entities of support', () => {
  let support: ServiceUnderTest;
  beforeAll(async () => {
    support = await startSupport();
    const { module } = await support.startInstance();
    await module.get(Database).whenReady();
  });
  afterAll(() => support.stop());

  it('equal the tables that the migrations make', async () => {
    const schema = { url: support.databaseUrl, schema: 'support', entities: [TicketEntity] };
    expect(await schemaDifferences(schema)).toEqual([]);
    await support.query('alter table tickets alter column subject drop not null');
    expect(await schemaDifferences(schema)).not.toEqual([]);
  });

  it('show each partner its own rows alone', async () => {
    expect(await support.query(UNPROTECTED_TABLES_SQL)).toEqual([]);
    await support.query('alter table tickets no force row level security');
    expect(await support.query(UNPROTECTED_TABLES_SQL)).toEqual([{ name: 'tickets' }]);
  });
});
