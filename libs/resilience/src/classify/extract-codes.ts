import type { ErrorSource } from './kinds/classification.ts';
import { codeOfDescription } from './rules/jetstream-descriptions.ts';

/**
 * Codes that libraries print into their messages, best evidence first. Only their forms are known here: a
 * table decides their meaning.
 */
export interface PrintedCodes {
  readonly codes: readonly string[];
  readonly status: number | undefined;
  /** RFC 3463, e.g. "4.2.1". */
  readonly enhanced: string | undefined;
}

const SQLSTATE = [
  /\bSQLSTATE[\s:=[(]{0,4}([0-9A-Z]{5})\b/i,
  /\b(?:ERROR|FATAL|PANIC):\s{1,4}([0-9A-Z]{5}):/,
  /\(0x[0-9a-fA-F]{1,8}\): ([0-9A-Z]{5}):/,
  /\bcode[:=\s]{1,3}['"`]?([0-9][0-9A-Z]{4})\b/i,
  /\b(?:psycopg2?|asyncpg)(?:\.errors|\.exceptions)?\.(\w{6,40})/,
];
const TOKEN = /\b(?:E[A-Z]{3,}[A-Z0-9_]*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g;
const REASON = /\b(?:[A-Z][a-z]+){2,}[A-Za-z]*\b|\bOOMKilled\b(?!\W{1,3}false)|\bEvicted\b/g;
const STATUS = [
  /\bstatus[ _-]?code[^\w]{1,4}(?:of )?([1-5]\d\d)\b/i,
  /\b(?:HTTP|HTTP\/\d(?:\.\d)?)[ :/]{1,2}(?:error |status )?([1-5]\d\d)\b/i,
  /\berror code:? ([45]\d\d)\b/i,
  /\bresponse (?:code|status)\W{1,3}([1-5]\d\d)\b/i,
  /\bstatus\W{1,3}([1-5]\d\d)\b/i,
  /^\[?([45]\d\d)\]?[\s:,-]/,
  /\b(?:server (?:responded|returned)|request failed)[^.\d]{0,40}\b([45]\d\d)\b/i,
];
/** The reason phrase alone, which many clients throw. */
const PHRASES: ReadonlyMap<string, number> = new Map([
  ['bad request', 400],
  ['unauthorized', 401],
  ['payment required', 402],
  ['forbidden', 403],
  ['not found', 404],
  ['method not allowed', 405],
  ['not acceptable', 406],
  ['request timeout', 408],
  ['conflict', 409],
  ['gone', 410],
  ['precondition failed', 412],
  ['payload too large', 413],
  ['content too large', 413],
  ['unsupported media type', 415],
  ['unprocessable entity', 422],
  ['locked', 423],
  ['too many requests', 429],
  ['client closed request', 499],
  ['server error', 500],
  ['internal server error', 500],
  ['bad gateway', 502],
  ['service unavailable', 503],
  ['gateway timeout', 504],
  ['insufficient storage', 507],
]);
const SMTP_REPLY = /(?:^|[\s:=("'])([245]\d\d)[ -](?:([245]\.\d{1,3}\.\d{1,3})\b|(?=[A-Za-z<]))/;
const ENHANCED = /\b([245]\.\d{1,3}\.\d{1,3})\b/;
const REDIS_PREFIX = /^(?:\w{0,20}Error: )?-?([A-Z]{3,20}) /;

/**
 * @param prose the message without quoted values
 * @param message the original message
 */
export function extractCodes(
  prose: string,
  message: string,
  dependency: ErrorSource | undefined,
): PrintedCodes {
  const codes: string[] = [];
  if (dependency === 'postgres' || dependency === undefined || dependency === 'app') {
    for (const shape of SQLSTATE) {
      const found = shape.exec(message)?.[1];
      if (found) codes.push(found);
    }
  }
  if (dependency === 'nats') {
    const code = codeOfDescription(message);
    if (code) codes.push(code);
  }
  if (dependency === 'redis') {
    const prefix = REDIS_PREFIX.exec(prose)?.[1];
    if (prefix) codes.push(prefix);
  }
  if (/[A-Z]{4}|_[A-Z]/.test(prose)) for (const [token] of prose.matchAll(TOKEN)) codes.push(token);
  if (dependency === 'kubernetes') for (const [token] of message.matchAll(REASON)) codes.push(token);
  if (dependency === 'smtp') {
    const reply = SMTP_REPLY.exec(message);
    if (reply) return { codes, status: Number(reply[1]), enhanced: reply[2] ?? ENHANCED.exec(message)?.[1] };
  }
  for (const shape of STATUS) {
    const found = shape.exec(prose)?.[1];
    if (found) return { codes, status: Number(found), enhanced: undefined };
  }
  return { codes, status: statusOfPhrase(prose), enhanced: undefined };
}

function statusOfPhrase(prose: string): number | undefined {
  if (prose.length > 60) return undefined;
  return PHRASES.get(
    prose
      .toLowerCase()
      .replace(/^(?:\w*(?:error|exception|failed|rejected)\W+)+/, '')
      .replace(/\W+$/, ''),
  );
}
