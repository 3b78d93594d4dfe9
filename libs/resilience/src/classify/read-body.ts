import { property, textOf } from './read-property.ts';

/** The facts in the response of an HTTP provider about its own failure. */
export interface ProviderFacts {
  readonly shape: 'html' | 'json' | 'text';
  readonly codes: readonly string[];
  readonly message: string;
}

const MAX_BODY = 8_192;
const FIELD =
  /\\?["'](code|type|decline_code|message|error_description|detail|title|error)\\?["']\s*:\s*\\?["']?([^"'\\,{}[\]]{1,400})/g;

/** Reads a body as text or as an object; shapes: `{ error: { type, code, message } }`, `{ code, message }`, `{ errors: [...] }`, HTML. */
export function readBody(body: unknown): ProviderFacts | undefined {
  if (typeof body === 'object' && body !== null) return fromObject(body);
  const text = textOf(body)?.slice(0, MAX_BODY).trim();
  if (!text) return undefined;
  if (/^\s*(?:<!doctype|<html|<head|<\?xml|<body|<h1|<center)/i.test(text))
    return { shape: 'html', codes: [], message: '' };
  if (text.startsWith('{') || text.startsWith('[')) return fromText(text);
  return { shape: 'text', codes: [], message: text };
}

/** The JSON that some clients print into their message ("403 {...}"). */
export function readEmbeddedJson(message: string): ProviderFacts | undefined {
  const start = message.search(/\{\s*\\?["']/);
  return start < 0 ? undefined : fromText(message.slice(start));
}

function fromText(text: string): ProviderFacts {
  try {
    return fromObject(JSON.parse(text));
  } catch {
    // The JSON is cut off, or followed by prose: the fields are read one by one.
    const codes: string[] = [];
    let message = '';
    for (const [, key, value] of text.matchAll(FIELD)) {
      if (key === 'code' || key === 'type' || key === 'decline_code') codes.push(value!.trim());
      else if (message === '') message = value!;
    }
    return { shape: 'json', codes, message };
  }
}

function fromObject(value: unknown): ProviderFacts {
  const list = property(value, 'errors');
  const nested = property(value, 'error');
  const part =
    typeof nested === 'object' && nested !== null
      ? nested
      : Array.isArray(list) && typeof list[0] === 'object' && list[0] !== null
        ? list[0]
        : value;
  const codes: string[] = [];
  for (const holder of part === value ? [part] : [part, value]) {
    for (const key of ['decline_code', 'code', 'type', 'err_code', 'reason', 'Code', '__type']) {
      const code = property(holder, key);
      if (typeof code === 'string' || typeof code === 'number') codes.push(String(code));
    }
    // Google puts the name of a gRPC status there, others an HTTP status.
    const status = textOf(property(holder, 'status'));
    if (status && /^[A-Z_]{5,40}$/.test(status)) codes.push(status);
  }
  if (typeof nested === 'string') codes.push(nested);
  const message =
    textOf(property(part, 'message')) ??
    textOf(property(value, 'message')) ??
    textOf(property(value, 'error_description')) ??
    textOf(property(value, 'detail')) ??
    textOf(property(value, 'title')) ??
    (typeof nested === 'string' ? nested : '');
  return { shape: 'json', codes, message: message.slice(0, MAX_BODY) };
}
