import { z } from 'zod';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema } from '../values/identifiers.ts';

/** Who is calling, once a credential was verified. Travels between services signed by the gateway. */
export const principalSchema = z.object({
  /** `anonymous` before login; `system` for one service calling another on nobody's behalf. */
  kind: z.enum(['api_key', 'session', 'anonymous', 'system']),
  /** Id of the key or session, or the name of the service. */
  id: z.string(),
  partner_id: idSchema('partner').nullable(),
  user_id: idSchema('user').nullable(),
  role: z.enum(['owner', 'member', 'admin', 'none']),
  /** Keys only: which side of the product it opens. */
  mode: z.enum(['live', 'test']).nullable(),
});
principalSchema.register(NAMED_SCHEMAS, { id: 'Principal' });
export type Principal = z.output<typeof principalSchema>;
