import { isErrorSource } from './infer-dependency.ts';
import type { ErrorSource } from './kinds/classification.ts';
import { type ProviderFacts, readBody } from './read-body.ts';
import { readHeaders } from './read-headers.ts';
import { numberOf, property, textOf } from './read-property.ts';

/** The maximum length of a text that is read: a message can contain a whole document. */
export const MAX_TEXT = 8_192;

/** The facts about one thrown value, without the errors it wraps. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Codes in the order of their priority. */
  readonly codes: readonly string[];
  readonly status: number | undefined;
  readonly body: ProviderFacts | undefined;
  /** The headers of the response report a used-up allowance. */
  readonly limited: boolean;
  readonly dependency: ErrorSource | undefined;
}

const cut = (text: string) => (text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text);

/** Reads any thrown value: errors of any library, strings, plain objects, `null`. Never throws. */
export function readFacts(error: unknown): ErrorFacts {
  if (typeof error === 'string') return { ...NOTHING, message: cut(error) };
  if (error === null || (typeof error !== 'object' && typeof error !== 'function')) return NOTHING;
  const response = property(error, 'response');
  const inner = property(error, 'error');
  const headers = readHeaders(
    property(response, 'headers') ?? property(error, 'headers') ?? property(error, 'responseHeaders'),
  );
  const body =
    readBody(firstPresent(error, response, inner)) ??
    (headers?.html ? { shape: 'html' as const, codes: [], message: '' } : undefined);
  const status =
    numberOf(property(error, 'status')) ??
    numberOf(property(error, 'statusCode')) ??
    numberOf(property(error, 'responseCode')) ??
    numberOf(property(response, 'status')) ??
    numberOf(property(response, 'statusCode'));
  const dependency = property(error, 'dependency');
  return {
    name: nameOf(error),
    message: cut(messageOf(error, response)),
    stack: cut(textOf(property(error, 'stack')) ?? ''),
    codes: codesOf(error, body),
    status,
    body,
    limited: headers?.limited ?? false,
    dependency: isErrorSource(dependency) ? dependency : undefined,
  };
}

const NOTHING: ErrorFacts = {
  name: '',
  message: '',
  stack: '',
  codes: [],
  status: undefined,
  body: undefined,
  limited: false,
  dependency: undefined,
};

function nameOf(error: object): string {
  const name = textOf(property(error, 'name')) ?? '';
  if (name !== '' && name !== 'Error') return name;
  // A class that did not set `name` still has the name of its constructor.
  const own = textOf(property(property(error, 'constructor'), 'name')) ?? '';
  if (own !== '' && own !== 'Object') return own;
  if (name !== '') return name;
  // Parsed from JSON: Stripe keeps the class in `type`, AWS in `__type`.
  const type = textOf(property(error, 'type')) ?? textOf(property(error, '__type')) ?? '';
  return /(?:Error|Exception)$/.test(type) ? type.slice(type.lastIndexOf('#') + 1) : '';
}

/** The message, together with the reply of an SMTP server when the client keeps it separately. */
function messageOf(error: object, response: unknown): string {
  const message = textOf(property(error, 'message')) ?? textOf(property(error, 'description')) ?? '';
  const responseText = typeof response === 'string' ? response : '';
  return responseText === '' || message.includes(responseText) ? message : `${message} ${responseText}`;
}

function firstPresent(error: object, response: unknown, inner: unknown): unknown {
  for (const value of [property(error, 'body'), property(response, 'data'), property(response, 'body')]) {
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return typeof inner === 'object' ? inner : undefined;
}

const CODE_KEYS = [
  'code',
  'decline_code',
  'declineCode',
  'type',
  'err_code',
  'errorCode',
  'sqlState',
  'Code',
  'rawType',
  '__type',
  'reason',
] as const;
/** gRPC numbers its statuses 1 to 16; such a small code without these members is not from gRPC. */
const GRPC_KEYS = ['details', 'metadata'] as const;

function codesOf(error: object, body: ProviderFacts | undefined): string[] {
  const codes: string[] = [];
  const apiError = property(error, 'api_error');
  if (apiError) push(codes, property(apiError, 'err_code'));
  for (const key of CODE_KEYS) push(codes, property(error, key));
  const code = property(error, 'code');
  if (typeof code === 'number' && code > 0 && code <= 16)
    if (GRPC_KEYS.some((key) => property(error, key) !== undefined)) push(codes, `GRPC_${code}`);
  if (body) for (const code of body.codes) push(codes, code);
  return codes;
}

function push(codes: string[], value: unknown): void {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && text !== '' && text.length <= 80 && !codes.includes(text)) codes.push(text);
}
