import * as contracts from '@gridworks/contracts';
import { z } from 'zod';

type Json = Record<string, unknown>;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const isContract = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'subject' in value && 'owner' in value;

/**
 * Every contract by its name in the code. A contract that each service has, such as `errorCaptured.billing`,
 * gets the name `billingErrorCaptured`.
 */
const names = new Map<unknown, string>(
  Object.entries(contracts).flatMap(([name, value]) => {
    if (isContract(value)) return [[value, name] as const];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value)
      .filter(([, member]) => isContract(member))
      .map(([service, member]) => [member, `${service}${capital(name)}`] as const);
  }),
);

/** The name of a contract in the code, `openTicket`: its operation id. */
export function nameOf(contract: contracts.RequestContract | contracts.EventContract): string {
  const name = names.get(contract);
  if (!name) throw new Error(`the contract of ${contract.subject} is not exported`);
  return name;
}

/** Collects schemas under names and writes each of them once, under `#/components/schemas/`. */
export class SchemaNames {
  readonly #registries = { input: z.registry<{ id: string }>(), output: z.registry<{ id: string }>() };

  constructor() {
    for (const schema of Object.values(contracts)) {
      const name = schema instanceof z.ZodType ? contracts.NAMED_SCHEMAS.get(schema) : undefined;
      if (name) this.#registries.output.add(schema as z.ZodType, name);
    }
  }

  /** The reference to the schema that a caller sends. */
  input(contract: contracts.RequestContract): Json {
    return this.#reference('input', contract.input, `${capital(nameOf(contract))}Input`);
  }

  /** The reference to the schema that a caller gets. */
  output(contract: contracts.RequestContract): Json {
    return this.#reference('output', contract.output, `${capital(nameOf(contract))}Output`);
  }

  payload(contract: contracts.EventContract): Json {
    return this.#reference('output', contract.payload, `${capital(nameOf(contract))}Payload`);
  }

  /** All schemas that were referred to. */
  render(): Record<string, Json> {
    const rendered: Record<string, Json> = {};
    for (const io of ['input', 'output'] as const) {
      const { schemas } = z.toJSONSchema(this.#registries[io], {
        uri: (id) => `#/components/schemas/${id}`,
        io,
        override: ({ jsonSchema }) => {
          // A response may gain members; a client that validates it must not refuse them.
          if (io === 'output' && jsonSchema.additionalProperties === false)
            delete jsonSchema.additionalProperties;
        },
      });
      for (const [name, schema] of Object.entries(schemas)) {
        const { $schema: _dialect, $id: _id, ...rest } = schema as Json;
        rendered[name] = rest;
      }
    }
    return Object.fromEntries(Object.entries(rendered).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #reference(io: 'input' | 'output', schema: z.ZodType, name: string): Json {
    const registry = this.#registries[io];
    if (!registry.has(schema)) registry.add(schema, { id: name });
    return { $ref: `#/components/schemas/${registry.get(schema)?.id}` };
  }
}
