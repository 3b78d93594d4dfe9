import { z } from 'zod';
import { defineRequest, SERVICES } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { NO_POOL, poolSchema } from '../instance/instance.contracts.ts';
import { processNameSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { INSTANCE_NOT_FOUND } from './healing.contracts.ts';

/** The pool of connections to PostgreSQL of one instance. */
export const instancePoolSchema = z.object({
  object: z.literal('pool'),
  service: z.enum(SERVICES),
  instance: processNameSchema,
  ...poolSchema.shape,
});
instancePoolSchema.register(NAMED_SCHEMAS, { id: 'Pool' });
export type InstancePool = z.output<typeof instancePoolSchema>;

export const listPools = defineRequest({
  subject: 'rpc.healer.pool.list',
  summary: 'The pools of connections of all instances that respond now',
  http: { method: 'GET', path: '/v1/admin/pools', status: 200 },
  permission: 'pools:read',
  input: z.strictObject({}),
  output: listOf(instancePoolSchema),
  repeatable: true,
});
export const setPool = defineRequest({
  subject: 'rpc.healer.pool.set',
  summary:
    'Set the size of a pool of connections, and whether critical requests come first when it runs out; until the instance ends',
  http: { method: 'PUT', path: '/v1/admin/instances/:instance/pool', status: 200 },
  permission: 'pools:write',
  audit: { action: 'pool.set', object: 'input.instance', shows: ['mode', 'size', 'reason'] },
  input: z.strictObject({
    instance: processNameSchema,
    mode: poolSchema.shape.mode,
    size: z
      .number()
      .int()
      .min(1)
      .max(500)
      .meta({ examples: [20] }),
    reason: storedText(500).meta({ examples: ['more traffic is expected'] }),
  }),
  output: instancePoolSchema,
  errors: [INSTANCE_NOT_FOUND, NO_POOL],
  repeatable: true,
});
