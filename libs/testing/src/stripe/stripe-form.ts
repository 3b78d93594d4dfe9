/** A value of a form with nested names, as Stripe's clients send it: `metadata[invoice]=1`, `types[0]=card`. */
export type FormValue = string | { [name: string]: FormValue };

/** Reads a form of Stripe's encoding. Lists become objects with the names `0`, `1`, …. */
export function readForm(body: string): Record<string, FormValue> {
  const form: Record<string, FormValue> = {};
  for (const [path, value] of new URLSearchParams(body)) {
    const names = [...path.matchAll(/[^[\]]+/g)].map(([name]) => name);
    const last = names.pop() ?? '';
    let into = form;
    for (const name of names) {
      const inner = into[name];
      if (typeof inner !== 'object') into[name] = {};
      into = into[name] as Record<string, FormValue>;
    }
    into[last] = value;
  }
  return form;
}

/** The text of a member, or undefined. */
export const textOf = (form: Record<string, FormValue>, name: string): string | undefined =>
  typeof form[name] === 'string' ? (form[name] as string) : undefined;

/** The members of an inner object, as text. */
export function membersOf(form: Record<string, FormValue>, name: string): Record<string, string> {
  const inner = form[name];
  if (typeof inner !== 'object') return {};
  return Object.fromEntries(
    Object.entries(inner).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
