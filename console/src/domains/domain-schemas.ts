import * as z from 'zod/mini';
import type { Api } from '../api/portal.ts';

const LONGEST = 253;

/** The rules of `POST /v1/domains`; the API knows which domains nobody can own alone. */
export const newDomainSchema = z.object({
  domain: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, 'Enter a domain such as ada-energy.com'),
      z.maxLength(LONGEST, `At most ${LONGEST} characters`),
    ),
});
export type NewDomain = z.output<typeof newDomainSchema>;

/** A domain as the list has it. */
export type Domain = Awaited<ReturnType<Api['domains']['list']>>['data'][number];
