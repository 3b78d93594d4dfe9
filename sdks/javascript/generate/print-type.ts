/** The part of JSON Schema (draft 2020-12) that Zod produces for contracts. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly description?: string;
}

/** Collects an interface for each object of the API (`object: 'ticket'`), once. */
export class TypeNames {
  readonly #declared: Map<string, string>;

  /**
   * @param earlier names of a first pass: of several shapes with one name, the smallest one keeps the name
   */
  constructor(earlier?: TypeNames) {
    this.#declared = new Map(earlier ? earlier.#declared : []);
  }

  /** Prints the TypeScript type of a schema. An object of the API becomes an interface with its name. */
  print(schema: JsonSchema, indent = ''): string {
    const name = this.#nameOf(schema);
    if (name === null) return this.#text(schema, indent);
    const body = this.#members(schema, '');
    const known = this.#declared.get(name);
    if (known === undefined || body.length < known.length) this.#declared.set(name, body);
    // Two shapes with one name: the second one is printed inline.
    else if (known.length < body.length) return this.#members(schema, indent);
    return name;
  }

  /** Every interface, sorted by name. */
  declarations(): string[] {
    return [...this.#declared]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, body]) => `export interface ${name} ${body}`);
  }

  #nameOf({ properties }: JsonSchema): string | null {
    const word = properties?.object?.const;
    if (typeof word !== 'string' || word === 'list') return null;
    return word.replace(/(^|[_-])([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  }

  #text(schema: JsonSchema, indent: string): string {
    if ('const' in schema) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
    const several = schema.anyOf ?? schema.oneOf;
    if (several) return [...new Set(several.map((one) => this.print(one, indent)))].join(' | ');
    if (schema.allOf) return schema.allOf.map((one) => this.print(one, indent)).join(' & ');
    if (Array.isArray(schema.type))
      return (schema.type as string[]).map((type) => this.#text({ ...schema, type }, indent)).join(' | ');
    switch (schema.type) {
      case 'string':
      case 'boolean':
      case 'null':
        return schema.type as string;
      case 'number':
      case 'integer':
        return 'number';
      case 'array':
        return `readonly (${this.print(schema.items ?? {}, indent)})[]`;
      case 'object':
        return this.#members(schema, indent);
      default:
        return 'unknown';
    }
  }

  #members(schema: JsonSchema, indent: string): string {
    const { properties = {}, required = [], additionalProperties } = schema;
    const inner = `${indent}  `;
    const lines = Object.entries(properties).map(([name, member]) => {
      const comment = member.description ? `${inner}/** ${member.description} */\n` : '';
      const key = /^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name);
      return `${comment}${inner}readonly ${key}${required.includes(name) ? '' : '?'}: ${this.print(member, inner)};`;
    });
    if (typeof additionalProperties === 'object')
      lines.push(`${inner}readonly [key: string]: ${this.print(additionalProperties, inner)};`);
    else if (additionalProperties === true && lines.length === 0)
      lines.push(`${inner}readonly [key: string]: unknown;`);
    return lines.length === 0 ? 'Record<string, never>' : `{\n${lines.join('\n')}\n${indent}}`;
  }
}
