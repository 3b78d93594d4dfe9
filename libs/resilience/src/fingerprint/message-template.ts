import { readProse } from '../classify/read-prose.ts';

const MAX_TEMPLATE = 1_000;
/** In this order: longer and more certain forms first. */
const VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{8,12}[0-9a-f]{0,4}\b/gi, '<uuid>'],
  [
    /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?\b/g,
    '<time>',
  ],
  [
    /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} \d{1,2}(?:,? \d{4})?(?: \d\d:\d\d(?::\d\d)?)?\b/g,
    '<time>',
  ],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b/g, '<time>'],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>)\]]+/gi, '<url>'],
  [/[^\s@"'<>(),;:]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}/g, '<email>'],
  [/\[[0-9a-f:.]{2,45}(?:%\w{1,20})?\](?::\d{1,5})?/gi, '<host>'],
  [
    /(?<![\w:])(?:[0-9a-f]{1,4}:){0,7}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?(?::\d{1,5})?(?![\w:])/gi,
    '<host>',
  ],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi, '<host>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, '<host>'],
  [/(?:[A-Za-z]:)?(?:[\\/][\w.@+~-]{1,200}){2,}[\\/]?(?::\d{1,7}){0,2}/g, '<path>'],
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|ESERVFAIL|ENODATA)\s{1,3}[\w.-]{1,253}(?::\d{1,5})?/g,
    '$1 <host>',
  ],
  [
    /\b(?:[a-z0-9_-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})\b|\b[\w-]{1,63}(?:\.[\w-]{1,63}){2,8}\b/gi,
    '<host>',
  ],
  [/\b0x[0-9a-f]+\b/gi, '<id>'],
  // A word of eight or more characters that mixes digits with letters is an identifier.
  [/(?<![\w-])(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[A-Za-z])[\w-]{8,80}[\w-]*/g, '<id>'],
  [/\b[0-9a-f]{6,}\b/gi, '<id>'],
  [/[+-]?\d+(?:[.,]\d+)*/g, '#'],
];

/**
 * The message with all variable parts replaced: quoted values, JSON, ids, numbers, times, addresses, paths.
 * At most 1,000 characters.
 */
export function messageTemplate(message: string): string {
  // The names of the system catalog are words of PostgreSQL, not values.
  let text = readProse(message.slice(0, 4_096).replace(/"(pg_[a-z_]{3,60})"/g, '$1'));
  for (const [pattern, sign] of VARIABLES) text = text.replace(pattern, sign);
  return text.toLowerCase().replace(/\s+/g, ' ').trim().slice(0, MAX_TEMPLATE);
}
