import { z } from 'zod';
import { KNOWN_VERSIONS, PORTAL_VERSION } from '../routing/portal-version.ts';
import type { PublicRoute } from '../routing/route-declaration.ts';

type Json = Record<string, unknown>;

/** The parameter that every operation takes: `#/components/parameters/Portal-Version`. */
export const VERSION_PARAMETER: Json = {
  name: 'Portal-Version',
  in: 'header',
  required: false,
  description: 'The dated version of this API that you expect. Without it you get the newest.',
  schema: { type: 'string', enum: KNOWN_VERSIONS },
  example: PORTAL_VERSION,
};

/** The parameters of a route's path, query and headers, made from its contract. */
export function parametersOf(route: PublicRoute): Json[] {
  const { contract } = route;
  const parameters: Json[] = [{ $ref: '#/components/parameters/Portal-Version' }];
  const schema = contract
    ? (z.toJSONSchema(contract.input, { io: 'input' }) as {
        properties?: Record<string, Json>;
        required?: string[];
      })
    : {};
  for (const name of route.parameters)
    parameters.push({
      name,
      in: 'path',
      required: true,
      schema: schema.properties?.[name] ?? { type: 'string' },
    });
  if (!route.readsBody) {
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      if (!route.parameters.includes(name))
        parameters.push({
          name,
          in: 'query',
          required: schema.required?.includes(name) ?? false,
          schema: property,
        });
  }
  if (route.takesKey)
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description:
        'A structured string. The same key with the same request has one effect and gets one response, for 48 hours. Use a new random key for each operation, for instance a UUID.',
      schema: { type: 'string', maxLength: 257 },
      example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    });
  return parameters;
}
