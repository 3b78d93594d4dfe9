import { matches } from './match-filter.ts';
import { isObject, type Json, memberOf, nameIn } from './members.ts';
import { type Filter, parseFilter } from './parse-filter.ts';
import { refusal } from './scim-refusal.ts';

/** An operation of a PATCH (RFC 7644, 3.5.2). */
export interface PatchOperation {
  /** `add`, `replace` or `remove`, in any case: Microsoft Entra writes `Add`. */
  readonly op: string;
  readonly path?: string | undefined;
  readonly value?: unknown;
}

interface Target {
  readonly attribute: string;
  readonly filter: Filter | null;
  readonly sub: string | null;
}

type Op = 'add' | 'replace' | 'remove';
/** Attributes that are lists, also while they are missing. */
const LISTS: ReadonlySet<string> = new Set(['emails', 'members']);
const URN = /^urn:ietf:params:scim:schemas:(?:core|extension:[\w:.-]+?):2\.0:(?:User|Group)(?::|$)/i;
const PATH = /^([A-Za-z$][\w$-]*)(?:\[(.+)\])?(?:\.([A-Za-z$][\w$-]*))?$/;

/**
 * Applies a PATCH to a copy of a resource. Takes what Okta and Microsoft Entra send: operations in any case, values without
 * a path whose members are paths themselves, the removal of list elements by their values. Throws
 * `AUTH.SCIM_REQUEST_REFUSED` with the keyword of RFC 7644.
 */
export function applyPatch(resource: Json, operations: readonly PatchOperation[]): Json {
  const copy = structuredClone(resource);
  for (const { op, path, value } of operations) {
    const lower = op.toLowerCase();
    if (lower !== 'add' && lower !== 'replace' && lower !== 'remove')
      throw refusal('invalidSyntax', `There is no operation ${op}.`);
    if (path !== undefined) applyAt(copy, lower, path, value);
    else if (lower === 'remove') throw refusal('noTarget', 'A removal needs a path.');
    else if (!isObject(value)) throw refusal('invalidValue', 'Without a path the value must be an object.');
    else for (const [name, one] of Object.entries(value)) applyWithoutPath(copy, lower, name, one);
  }
  return copy;
}

/** Members of a value without a path that are no attributes of ours are left out: ids, schemas, extensions. */
function applyWithoutPath(resource: Json, op: Op, name: string, value: unknown): void {
  if (name.toLowerCase() === 'schemas' || name.toLowerCase() === 'id') return;
  if (/^urn:/i.test(name) && isObject(value)) return;
  applyAt(resource, op, name, value);
}

function applyAt(resource: Json, op: Op, path: string, value: unknown): void {
  const target = readPath(path);
  if (target === null) return;
  const { attribute, filter, sub } = target;
  if (filter) applyToElements(resource, op, { attribute, filter, sub }, value);
  else if (sub !== null) applyToSub(resource, op, attribute, sub, value);
  else applyToAttribute(resource, op, attribute, value);
}

/** Null for an attribute of an extension, of which nothing is kept. */
function readPath(path: string): Target | null {
  const isExtension = /^urn:ietf:params:scim:schemas:extension:/i.test(path);
  if (isExtension) return null;
  const match = PATH.exec(path.replace(URN, ''));
  if (!match?.[1]) throw refusal('invalidPath', `There is no path ${path}.`);
  const [, attribute, filter, sub] = match;
  return { attribute, filter: filter === undefined ? null : parseFilter(filter), sub: sub ?? null };
}

function applyToAttribute(resource: Json, op: Op, attribute: string, value: unknown): void {
  const name = nameIn(resource, attribute);
  const current = resource[name];
  if (LISTS.has(attribute.toLowerCase())) {
    const list = Array.isArray(current) ? current : [];
    if (op === 'remove' && value === undefined) delete resource[name];
    else if (op === 'remove') resource[name] = without(list, value);
    else resource[name] = op === 'add' ? [...without(list, value), ...asList(value)] : asList(value);
    return;
  }
  if (op === 'remove') delete resource[name];
  else
    resource[name] =
      isObject(current) && isObject(value) ? { ...current, ...renamed(current, value) } : value;
}

function applyToSub(resource: Json, op: Op, attribute: string, sub: string, value: unknown): void {
  const name = nameIn(resource, attribute);
  const current = resource[name];
  if (LISTS.has(attribute.toLowerCase()))
    throw refusal(
      'invalidPath',
      `${attribute} is a list: say which element, as in ${attribute}[type eq "work"].${sub}.`,
    );
  const object = isObject(current) ? current : {};
  if (op === 'remove') delete object[nameIn(object, sub)];
  else object[nameIn(object, sub)] = value;
  resource[name] = object;
}

function applyToElements(
  resource: Json,
  op: Op,
  { attribute, filter, sub }: Target & { readonly filter: Filter },
  value: unknown,
): void {
  const name = nameIn(resource, attribute);
  const current = resource[name];
  const list = (Array.isArray(current) ? current : []).filter(isObject);
  const found = list.filter((element) => matches(filter, element));
  if (op === 'remove') {
    for (const element of found) if (sub !== null) delete element[nameIn(element, sub)];
    resource[name] = sub === null ? list.filter((element) => !found.includes(element)) : list;
    return;
  }
  // Microsoft Entra adds the first address by a filter that no element fits yet.
  const made = found.length > 0 ? null : elementOf(filter);
  if (found.length === 0 && made === null)
    throw refusal('noTarget', `No element of ${attribute} fits the filter.`);
  for (const element of made ? [made] : found) {
    if (sub !== null) element[nameIn(element, sub)] = value;
    else if (isObject(value)) Object.assign(element, renamed(element, value));
    else throw refusal('invalidValue', `An element of ${attribute} is an object.`);
  }
  resource[name] = made ? [...list, made] : list;
}

/** The element that a filter of equations describes; null for every other filter. */
function elementOf(filter: Filter): Json | null {
  if (filter.kind === 'compare' && filter.operator === 'eq') return { [filter.path]: filter.value };
  if (filter.kind !== 'and') return null;
  const [left, right] = [elementOf(filter.left), elementOf(filter.right)];
  return left && right ? { ...left, ...right } : null;
}

/** The members of a value under the names that the object has for them. */
const renamed = (object: Json, value: Json): Json =>
  Object.fromEntries(Object.entries(value).map(([name, one]) => [nameIn(object, name), one]));

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** A list without the elements that have the same `value` as these. */
function without(list: readonly unknown[], value: unknown): unknown[] {
  const gone = new Set(asList(value).map((one) => (isObject(one) ? memberOf(one, 'value') : one)));
  return list.filter((one) => !gone.has(isObject(one) ? memberOf(one, 'value') : one));
}
