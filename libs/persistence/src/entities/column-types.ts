import type { EntitySchemaColumnOptions } from 'typeorm';

/** An id, or the digest of a credential: ASCII, ordered byte by byte, so that ids sort by age. */
export const ID = { type: 'text', collation: 'C' } as const satisfies EntitySchemaColumnOptions;
export const TEXT = { type: 'text' } as const satisfies EntitySchemaColumnOptions;
export const INTEGER = { type: 'integer' } as const satisfies EntitySchemaColumnOptions;
/** A `Date` in code. */
export const MOMENT = { type: 'timestamptz' } as const satisfies EntitySchemaColumnOptions;
/** The column that `keepListOrder` adds; code neither reads nor writes it. */
export const LIST_POSITION = {
  ...{ type: 'bigint', generated: 'increment', select: false, insert: false, update: false },
} as const satisfies EntitySchemaColumnOptions;
