import { z } from 'zod';

/** The name of the list in the folder of the built console. */
export const LIST_NAME = 'files.json';

const file = z.string().regex(/^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._~/-]*$/, 'a file inside the folder');
const isOwn = (path: string): boolean => !path.startsWith('/v1/');

/** The value of the folder setting when there is no console to serve. */
export const NO_CONSOLE = 'none';

/**
 * `files.json`, which the console's build writes: every file that may be served, and every address that shows a
 * page. `br` and `gz` say whether `<file>.br` and `<file>.gz` exist.
 */
export const consoleList = z.object({
  /** Changes with every build whose files differ. */
  build: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  files: z
    .array(
      z.object({
        path: z
          .string()
          .regex(/^(\/[A-Za-z0-9._~-]+)+$/)
          .refine(isOwn, 'an address of the API'),
        file,
        type: z.string().min(1),
        /**
         * The file's name changes with its content: browsers keep the file for a year without checking it
         * again.
         */
        immutable: z.boolean().default(false),
        br: z.boolean().default(false),
        gzip: z.boolean().default(false),
      }),
    )
    .max(5000),
  pages: z
    .array(
      z.object({
        path: z
          .string()
          .regex(/^(\/|(\/(:[a-z_]+|[a-z0-9.-]+))+)$/)
          .refine(isOwn, 'an address of the API'),
        file,
      }),
    )
    .max(1000),
});
export type ConsoleList = z.output<typeof consoleList>;
