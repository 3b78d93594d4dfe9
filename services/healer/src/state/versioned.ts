import { z } from 'zod';

const VERSION = 'schema_version';

/**
 * The schema of a stored document that contains the version of its shape (`schema_version`). A document
 * without one has version 1. A document of an unknown version is refused as unreadable and never read in
 * part. A release that changes a shape gives it the next version and reads the older ones.
 */
export function versioned<T extends z.ZodType<object>>(schema: T, version = 1): z.ZodType<z.output<T>> {
  return z
    .unknown()
    .refine((stored) => versionOf(stored) === version, {
      message: `this release reads documents of version ${version}`,
    })
    .pipe(schema)
    .transform((document) => ({ ...document, [VERSION]: version })) as unknown as z.ZodType<z.output<T>>;
}

const versionOf = (stored: unknown): unknown => (Object(stored) as Record<string, unknown>)[VERSION] ?? 1;
