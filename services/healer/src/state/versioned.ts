import { z } from 'zod';

const VERSION = 'schema_version';

/**
 * The shape of a stored document, with the version of that shape in it (`schema_version`). What was stored without one is
 * of version 1. A document of a version that this release does not know is refused as unreadable, never read by halves; a
 * release that changes a shape gives it the next version and reads the older ones.
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
