import { z } from 'zod';

/**
 * Schemas that appear inside of others. Each is written once in OpenAPI and AsyncAPI, under the name that it
 * has here; a schema without a name is written where it appears.
 */
export const NAMED_SCHEMAS = z.registry<{ id: string }>();
