import type { Operation } from '../reference/open-api.ts';
import type { Header, WireCall } from '../reference/print-curl.ts';
import { type FormField, type FormValues, fieldKey } from './form-fields.ts';

/** A call of the explorer: what goes over the wire, and the input that it was made of. */
export interface PreparedCall extends WireCall {
  readonly operation: Operation;
  /** As the SDK takes it: path, query and body in one. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string | null;
}

export interface Sent {
  /** The value after `Bearer`; null when the session of this browser or nothing is sent. */
  readonly bearer: string | null;
  /** A UUID for an operation that takes an `Idempotency-Key`; null for another. */
  readonly idempotencyKey: string | null;
}

/** Why a call cannot be sent, by `place.name`. */
export type FieldErrors = Readonly<Record<string, string>>;

/**
 * Makes the call of a filled form. What can be sent is left to the API to judge, so that its errors can be seen; only a gap in the
 * address and text that is not the JSON which it should be are refused here.
 */
export function prepareCall(
  operation: Operation,
  fields: readonly FormField[],
  values: FormValues,
  { bearer, idempotencyKey }: Sent,
): { readonly call: PreparedCall } | { readonly errors: FieldErrors } {
  const errors: Record<string, string> = {};
  const given = fields.flatMap((field) => {
    const text = values[fieldKey(field)] ?? '';
    if (text === '') {
      if (field.place === 'path') errors[fieldKey(field)] = 'It is a part of the address: give it a value';
      return [];
    }
    const read = readValue(field, text);
    if ('error' in read) errors[fieldKey(field)] = read.error;
    return 'error' in read ? [] : [{ field, value: read.value }];
  });
  if (Object.keys(errors).length > 0) return { errors };

  const at = (place: FormField['place']): [string, unknown][] =>
    given.filter(({ field }) => field.place === place).map(({ field, value }) => [field.name, value]);
  const path = Object.fromEntries(at('path'));
  const query = new URLSearchParams(at('query').map(([name, value]) => [name, String(value)])).toString();
  const address = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(path[name])),
  );
  const hasBody = operation.method !== 'GET' && operation.method !== 'DELETE';
  const body = Object.fromEntries(at('body'));
  const headers: Header[] = [
    ...(bearer === null ? [] : [{ name: 'authorization', value: `Bearer ${bearer}` }]),
    ...(hasBody ? [{ name: 'content-type', value: 'application/json' }] : []),
    // A structured string, quotes included.
    ...(idempotencyKey === null ? [] : [{ name: 'idempotency-key', value: `"${idempotencyKey}"` }]),
    ...at('header').map(([name, value]) => ({ name: name.toLowerCase(), value: String(value) })),
  ];
  return {
    call: {
      operation,
      method: operation.method,
      address: query === '' ? address : `${address}?${query}`,
      headers,
      body: hasBody ? JSON.stringify(body) : null,
      input: { ...path, ...Object.fromEntries(at('query')), ...body },
      idempotencyKey,
    },
  };
}

type Read = { readonly value: unknown } | { readonly error: string };

/** The value that a text stands for. A number or choice that is none is sent as it is: the API says what is wrong with it. */
function readValue({ type, nullable }: FormField, text: string): Read {
  if (nullable && text === 'null') return { value: null };
  if (type === 'number') {
    const number = Number(text);
    return { value: Number.isFinite(number) && text.trim() !== '' ? number : text };
  }
  if (type === 'boolean') return { value: text === 'true' ? true : text === 'false' ? false : text };
  if (type !== 'json') return { value: text };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { error: 'This is not JSON' };
  }
}
