import { DataSource, type DataSourceOptions } from 'typeorm';

/** The entities of a service. */
export type Entities = NonNullable<DataSourceOptions['entities']>;

export interface SchemaToCompare {
  /** `postgres://role:password@host:port/database` */
  readonly url: string;
  readonly schema: string;
  readonly entities: Entities;
}

/**
 * For specs: the changes that TypeORM would make so that the migrated tables match the entities, one
 * statement each: columns, types, collations, nullability, primary keys, and by their names foreign keys,
 * unique constraints, checks and indexes, on either side. Nothing is changed. Tables without an entity are
 * ignored.
 */
export async function schemaDifferences({ url, schema, entities }: SchemaToCompare): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    entities,
    installExtensions: false,
    poolSize: 1,
  });
  await source.initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await source.destroy();
  }
}
