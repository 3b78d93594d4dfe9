/** A JSON object of a directory. */
export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The name of a member as the object has it, or as it was given: names have no case (RFC 7643, 2.1). */
export function nameIn(object: Json, name: string): string {
  const wanted = name.toLowerCase();
  return Object.keys(object).find((one) => one.toLowerCase() === wanted) ?? name;
}

/** A member of an object, whatever the case of its name; undefined of everything else. */
export function memberOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  const own = nameIn(value, name);
  return Object.hasOwn(value, own) ? value[own] : undefined;
}
