import { z } from 'zod';
import type { RequestContract, ServiceName } from '../contract/define-contract.ts';

/** The name of a table, a column or an index: at most the 63 bytes that PostgreSQL keeps. */
export const databaseNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_$]{0,62}$/, 'expected the name of a table, column or index')
  .meta({ examples: ['tickets'] });

/** One column of an index, in its order. */
export const indexColumnSchema = z.object({ name: databaseNameSchema, descending: z.boolean() });
export type IndexColumn = z.output<typeof indexColumnSchema>;

/** The step of a plan, from the outermost to the innermost, and what PostgreSQL expects it to cost (its own unit). */
export const queryPlanSchema = z.object({ cost: z.number(), lines: z.array(z.string().max(500)).max(40) });
export type QueryPlan = z.output<typeof queryPlanSchema>;

/** A statement by its shape. The figures count from `since` on. */
export const statementFiguresSchema = z.object({
  /** PostgreSQL's number for statements of this shape. */
  id: z.string().regex(/^-?\d{1,20}$/),
  /** The statement without values and comments, redacted. */
  shape: z.string().max(2000),
  calls: z.number(),
  mean_ms: z.number(),
  total_ms: z.number(),
  /** Rows that one call returned or changed, on average. */
  rows_returned: z.number(),
});
export type StatementFigures = z.output<typeof statementFiguresSchema>;

/** What speaks for an index. */
export const indexEvidenceSchema = z.object({
  /** Rows and bytes of the table now, by PostgreSQL's statistics. */
  rows: z.number(),
  bytes: z.number(),
  /** How large the index will be, extrapolated from the sample. */
  index_bytes: z.number(),
  /** Rows inserted, changed or deleted so far: each of them would have changed the index, too. */
  rows_written: z.number(),
  /** The statement that gains most. */
  statement: statementFiguresSchema,
  /** Other statements that the same index would serve. */
  other_statements: z.number().int(),
  /** Rows that one scan of the whole table has read, on average; null when there was none yet. */
  rows_read: z.number().nullable(),
  /** The plan in use. */
  plan: queryPlanSchema,
  /** The same statement, planned over a sample of the table without the index and with it. */
  trial: z.object({
    sample_rows: z.number(),
    cost_without: z.number(),
    cost_with: z.number(),
    /** `cost_without / cost_with` */
    factor: z.number(),
    plan: queryPlanSchema,
  }),
});
export type IndexEvidence = z.output<typeof indexEvidenceSchema>;

/** An index that a service has not got, and what it would bring. */
export const missingIndexSchema = z.object({
  table: databaseNameSchema,
  columns: z.array(indexColumnSchema).min(1).max(8),
  index: databaseNameSchema,
  evidence: indexEvidenceSchema,
});
export type MissingIndex = z.output<typeof missingIndexSchema>;

const request = <I extends z.ZodType, O extends z.ZodType>(
  service: ServiceName,
  verb: string,
  summary: string,
  input: I,
  output: O,
) =>
  ({
    type: 'request',
    subject: `rpc.${service}.index.${verb}`,
    owner: service,
    summary,
    input,
    output,
    errors: [],
    callers: ['healer'],
    repeatable: true,
    permission: 'internal',
    criticality: 'normal',
  }) as const satisfies RequestContract;

/**
 * Which indexes would the statements of this service gain from? Looks at statistics and plans, and tries each index on a sample of its table in a
 * transaction that is rolled back. `reason`: why nothing can be said, in words.
 */
export const suggestIndexesRequest = (service: ServiceName) =>
  request(
    service,
    'suggest',
    'Which indexes its statements would gain from',
    z.strictObject({}),
    z.object({ reason: z.string().nullable(), missing: z.array(missingIndexSchema).max(5) }),
  );

/**
 * Build this index concurrently. Responds when the build has begun (`started`), or one is under way in that process (`busy`). Progress and
 * outcome are in PostgreSQL's own views.
 */
export const buildIndexRequest = (service: ServiceName) =>
  request(
    service,
    'build',
    'Build an index concurrently',
    z.strictObject({
      table: databaseNameSchema,
      columns: z.array(indexColumnSchema).min(1).max(8),
      index: databaseNameSchema,
    }),
    z.object({ state: z.enum(['started', 'busy']) }),
  );

/** Drop this index concurrently, when it is there; responds as a build does. */
export const dropIndexRequest = (service: ServiceName) =>
  request(
    service,
    'drop',
    'Drop an index concurrently',
    z.strictObject({ index: databaseNameSchema }),
    z.object({ state: z.enum(['started', 'busy']) }),
  );

/** How is this statement planned now, which indexes does the plan use, and how did it run so far? Null when PostgreSQL has forgotten it. */
export const explainStatementRequest = (service: ServiceName) =>
  request(
    service,
    'explain',
    'How a statement is planned now',
    z.strictObject({ statement: statementFiguresSchema.shape.id }),
    z.object({
      explained: z
        .object({
          plan: queryPlanSchema,
          indexes: z.array(z.string()),
          figures: statementFiguresSchema,
        })
        .nullable(),
    }),
  );

/** The requests of the healer about the indexes of a service; only the service's own role may read its plans and change its tables. */
export const indexRequests = (service: ServiceName) => [
  suggestIndexesRequest(service),
  buildIndexRequest(service),
  dropIndexRequest(service),
  explainStatementRequest(service),
];
