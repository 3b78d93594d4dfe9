import { z } from 'zod';

/**
 * Things of the domain that appear inside of others. Each is written once in OpenAPI and AsyncAPI, under the name that
 * its schema has here; a schema of no name is written where it appears.
 */
export const NAMED_SCHEMAS = z.registry<{ id: string }>();
