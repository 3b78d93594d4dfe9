import { z } from 'zod';
import type { PublicRequestContract } from './define-contract.ts';
import { pathParameters } from './http-face.ts';

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** A request that a route accepts: its address and, if it has one, its body. */
export interface SampleRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/**
 * For documents and tests: makes a request that the contract accepts, from its input's examples and closed lists. Throws when a
 * required member has neither: give the member an example with `.meta({ examples: [...] })`, which OpenAPI
 * shows as well.
 */
export function sampleRequest(contract: PublicRequestContract): SampleRequest {
  const { method, path } = contract.http;
  const input = sampleInput(contract);
  let address = path;
  for (const name of pathParameters(path)) {
    address = address.replace(`:${name}`, encodeURIComponent(String(input[name])));
    delete input[name];
  }
  if (method === 'GET' || method === 'DELETE') {
    const query = new URLSearchParams(
      Object.entries(input).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    return { method, path: query === '' ? address : `${address}?${query}` };
  }
  return { method, path: address, body: input };
}

/** The required members of the input. */
export function sampleInput(contract: PublicRequestContract): Record<string, unknown> {
  const schema = z.toJSONSchema(contract.input, { io: 'input' }) as Schema;
  const required = new Set([...(schema.required ?? []), ...pathParameters(contract.http.path)]);
  return Object.fromEntries(
    [...required].map((name) => [name, exampleOf(`${contract.subject}: ${name}`, schema.properties?.[name])]),
  );
}

function exampleOf(what: string, schema: Schema | undefined): unknown {
  const value = schema?.examples?.[0] ?? schema?.const ?? schema?.enum?.[0] ?? schema?.default;
  if (value === undefined) throw new Error(`${what} has no example`);
  return value;
}
