import * as z from 'zod/mini';

const LONGEST_NAME = 120;
const name = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, 'Give it a name'),
    z.maxLength(LONGEST_NAME, `At most ${LONGEST_NAME} characters`),
  );

/** The rules of `POST /v1/api-keys` and `PATCH /v1/api-keys/:id`; a spec compares them with the contracts. */
export const createKeySchema = z.object({ name, mode: z.enum(['live', 'test']) });
export type NewKey = z.output<typeof createKeySchema>;
export const renameKeySchema = z.object({ name });
