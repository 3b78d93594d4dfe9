import { z } from 'zod';
import { ID_PREFIXES, type IdKind } from '../values/identifiers.ts';
import type { PublicRequestContract } from './define-contract.ts';
import { sampleInput } from './sample-request.ts';

/** Where a request names an object by its id. */
export interface IdPosition {
  readonly kind: IdKind;
  /** The members that lead to it; a number is an element of a list. */
  readonly path: readonly (string | number)[];
}

interface Schema {
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const KINDS = new Map<string, IdKind>(
  Object.entries(ID_PREFIXES).map(([kind, prefix]) => [prefix, kind as IdKind]),
);
const ID_PATTERN = /^\^([a-z]+)_\[/;

/** Every member of a contract's input whose schema is that of an id. */
export function idPositions(contract: PublicRequestContract): IdPosition[] {
  const root = z.toJSONSchema(contract.input, { io: 'input' }) as Schema;
  const found: IdPosition[] = [];
  const visit = (schema: Schema, path: readonly (string | number)[]): void => {
    const target = schema.$ref ? root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] : undefined;
    if (target) visit(target, path);
    const kind = KINDS.get(ID_PATTERN.exec(schema.pattern ?? '')?.[1] ?? '');
    if (kind !== undefined && !found.some((one) => String(one.path) === String(path)))
      found.push({ kind, path });
    for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])])
      visit(part, path);
    for (const [name, member] of Object.entries(schema.properties ?? {})) visit(member, [...path, name]);
    if (schema.items) visit(schema.items, [...path, 0]);
  };
  visit(root, []);
  return found;
}

/** The sample request of a route with an id at a position. */
export function inputWith(contract: PublicRequestContract, { path }: IdPosition, id: string) {
  const input = structuredClone(sampleInput(contract)) as Record<string | number, unknown>;
  let place: Record<string | number, unknown> = input;
  for (const [at, name] of path.entries()) {
    if (at === path.length - 1) place[name] = id;
    else {
      place[name] ??= typeof path[at + 1] === 'number' ? [] : {};
      place = place[name] as Record<string | number, unknown>;
    }
  }
  return input as Record<string, unknown>;
}
