import type { ErrorSource } from './classification.ts';

/** Codes that libraries print into their messages, best evidence first. Shapes only: a table decides what one means. */
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
const REASON = /\b(?:[A-Z][a-z]+){2,}[A-Za-z]*\b|\bOOMKilled\b|\bEvicted\b/g;
const STATUS = [
  /\bstatus[ _-]?code[^\w]{1,4}(?:of )?([1-5]\d\d)\b/i,
  /\b(?:HTTP|HTTP\/\d(?:\.\d)?)[ :/]{1,2}(?:error |status )?([1-5]\d\d)\b/i,
  /\bresponse (?:code|status)\W{1,3}([1-5]\d\d)\b/i,
  /\bstatus\W{1,3}([1-5]\d\d)\b/i,
  /^\[?([45]\d\d)\]?[\s:,-]/,
  /\b(?:server (?:responded|returned)|request failed)[^.\d]{0,40}\b([45]\d\d)\b/i,
];
const SMTP_REPLY = /(?:^|[\s:=])([245]\d\d)[ -](?:([245]\.\d{1,3}\.\d{1,3})\b|(?=[A-Za-z<]))/;
const ENHANCED = /\b([245]\.\d{1,3}\.\d{1,3})\b/;
const REDIS_PREFIX = /^(?:\w{0,20}Error: )?-?([A-Z]{3,20}) /;

/**
 * @param prose the message without quoted values
 * @param message the message as it came
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
  return { codes, status: undefined, enhanced: undefined };
}
