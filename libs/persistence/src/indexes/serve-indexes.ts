import type { Bus } from '@gridworks/bus';
import {
  buildIndexRequest,
  dropIndexRequest,
  explainStatementRequest,
  type OutputOf,
  type ServiceName,
  suggestIndexesRequest,
} from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { Database } from '../database/database.ts';
import { IndexBuilder } from './build-index.ts';
import { explainStatement, readablePlan } from './explain-statement.ts';
import { indexesOf } from './plan-node.ts';
import { figuresOf, findStatementCounts, readStatement } from './read-statements.ts';
import { suggestIndexes } from './suggest-indexes.ts';

const LIMITS = { lockMs: 500, statementMs: 5000 };

/** Serves the healer's requests about the indexes of this service, any instance of which may respond. */
export function serveIndexes(options: {
  readonly bus: Pick<Bus, 'serve'>;
  readonly database: Database;
  readonly logger: Logger;
  readonly service: ServiceName;
}): void {
  const { bus, database, logger, service } = options;
  const builder = new IndexBuilder(database, logger);
  bus.serve(suggestIndexesRequest(service), () => suggestIndexes(database));
  bus.serve(buildIndexRequest(service), (index) => builder.build(index));
  bus.serve(dropIndexRequest(service), (index) => builder.drop(index));
  bus.serve(explainStatementRequest(service), ({ statement }) => explain(database, statement));
}

async function explain(
  database: Database,
  id: string,
): Promise<OutputOf<ReturnType<typeof explainStatementRequest>>> {
  const client = await database.session('indexes', LIMITS);
  try {
    const counts = await findStatementCounts(client);
    const statement = 'view' in counts ? await readStatement(client, counts.view, id) : null;
    if (!statement) return { explained: null };
    const plan = await explainStatement(client, statement.text);
    return {
      explained: { plan: readablePlan(plan), indexes: indexesOf(plan), figures: figuresOf(statement) },
    };
  } finally {
    await client.end();
  }
}
