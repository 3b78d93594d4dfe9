/**
 * Parts of the names of secrets and personal data. A blank stands for a separator or nothing: `api key` is
 * also `apiKey`, `api_key`, `API-KEY` and `api.key`.
 */
const SECRET_PARTS = [
  'pass word',
  'passwd',
  'pass phrase',
  'pass code',
  'pwd',
  'secret',
  'token',
  'api key',
  'access key',
  'account key',
  'private key',
  'signing key',
  'encryption key',
  'subscription key',
  'master key',
  'license key',
  'functions key',
  'credential',
  'authorization',
  'cookie',
  'session id',
  'connection string',
  'database url',
  'redis url',
  'nats url',
  'smtp url',
  'webhook url',
  'card number',
  'security code',
  'e mail',
  'phone',
  'jwt',
  'bearer',
] as const;
/** Secret as the last word of a name, as in `db_pass`; inside of other words ("compass", "passed") not. */
const LAST_WORDS = ['pass', 'pin', 'otp', 'totp', 'cvv', 'cvc', 'iban', 'ssn', 'dsn', 'nkey'];
/** Secret only as the whole name. */
const WHOLE_NAMES = ['pan', 'mobile', 'tel', 'msisdn', 'mnemonic'];
/** Names of secrets as often as of other values: a value is hidden only when it looks like a secret. */
const VAGUE_NAMES = ['key', 'auth', 'session', 'seed', 'sid'];
/** Endings of names that describe a secret without being one, as `token_type` or `api_key_id`. */
const ABOUT = [
  ...['id', 'ids', 'name', 'names', 'type', 'kind', 'count', 'length', 'size', 'age', 'ttl', 'version'],
  ...['at', 'expiry', 'expires', 'expiration', 'in', 'policy', 'status', 'state', 'required', 'limit'],
  ...['bucket', 'file', 'path', 'dir', 'header', 'algorithm', 'issuer', 'scope', 'scopes', 'endpoint'],
];

/**
 * Parts that are hidden in structures only: in a sentence they are ordinary words, and their secrets have a
 * form of their own.
 */
const STRUCTURED: ReadonlySet<string> = new Set([
  'e mail',
  'phone',
  ...SECRET_PARTS.filter((part) => part.endsWith(' url')),
]);

const SEPARATOR = '[_.\\s-]';
const anyOf = (parts: readonly string[]) =>
  new RegExp(parts.map((part) => part.replace(' ', `${SEPARATOR}?`)).join('|'), 'i');
const HAS_PART = anyOf(SECRET_PARTS);
const HAS_LABEL = anyOf(SECRET_PARTS.filter((part) => !STRUCTURED.has(part)));
const capital = (word: string) => `${word[0]?.toUpperCase()}${word.slice(1)}`;
const IS_ABOUT = new RegExp(
  `(?:${SEPARATOR}(?:${ABOUT.flatMap((word) => [word, capital(word), word.toUpperCase()]).join('|')})|` +
    `(?<=[a-z0-9])(?:${ABOUT.map(capital).join('|')}))$`,
);
/** `max_tokens`, `promptTokens`: numbers of tokens, not secrets. */
const COUNTS = /[a-z_.-]tokens$/i;
/** Names that are personal, or secret, although they end like a description. */
const IS_PERSONAL = /e[_.\s-]?mail|phone|session|cookie/i;
const LAST: ReadonlySet<string> = new Set(LAST_WORDS);
const WHOLE: ReadonlySet<string> = new Set(WHOLE_NAMES);
/** A longer name is read from its end. */
const MAX_NAME = 200;
/** Our ids: a kind, and 22 characters. A session's token is longer. */
const ID = /^[a-z]{2,5}_[0-9A-Za-z]{22}$/;
const VAGUE: ReadonlySet<string> = new Set(VAGUE_NAMES);
const LOOKS_LIKE_KEY = /^(?=[^\s]{0,200}\d)(?=[^\s]{0,200}[a-z])[\w+/=~-]{10,}$/i;

/**
 * Whether the value under this name in a structure is hidden. `max_tokens` and the like count tokens, and
 * `token_type` or `api_key_id` describe a secret: they are not hidden.
 */
export function isSecretMember(name: string, value: unknown): boolean {
  const read = lastPart(name);
  if (isVague(read)) return typeof value === 'string' && LOOKS_LIKE_KEY.test(value) && !ID.test(value);
  if (isId(read, value)) return false;
  return WHOLE.has(read.toLowerCase()) || isSecret(read, HAS_PART);
}

export const isVague = (name: string): boolean => VAGUE.has(name.toLowerCase());

/** The same for a name in running text. */
export function isSecretLabel(name: string, value = ''): boolean {
  const read = lastPart(name);
  return !isId(read, value) && isSecret(read, HAS_LABEL);
}

/** Whether the name alone is enough, for values in another place. */
export const isSecretName = (name: string): boolean => isSecret(lastPart(name), HAS_PART);

function isSecret(name: string, parts: RegExp): boolean {
  if (LAST.has(lastWord(name))) return true;
  if (!parts.test(name) || COUNTS.test(name)) return false;
  return !IS_ABOUT.test(name) || IS_PERSONAL.test(name);
}

const isId = (name: string, value: unknown): boolean =>
  typeof value === 'string' && /id$/i.test(name) && ID.test(value);

const lastPart = (name: string): string => (name.length > MAX_NAME ? name.slice(-MAX_NAME) : name);

/** `DB_PASS`, `dbPass` and `db-pass` end with `pass`. */
const lastWord = (name: string): string =>
  (/(?:[A-Z]?[a-z]{1,10}|[A-Z]{1,10})$/.exec(name)?.[0] ?? '').toLowerCase();

/** The characters that may follow a name; `"` stands for all that end one (see `find-marks.ts`). */
const ENDS = ['"', ':', '=', ' '];
/**
 * The names as marks (see `marks.ts`): a short name is a mark only together with the character that follows
 * it.
 */
export const NAME_MARKS: readonly string[] = [
  ...SECRET_PARTS.flatMap((part) =>
    part.includes(' ') ? ['', '_', '-', '.', ' '].map((between) => part.replace(' ', between)) : [part],
  ),
  ...[...LAST_WORDS, ...WHOLE_NAMES, ...VAGUE_NAMES].flatMap((name) => ENDS.map((end) => `${name}${end}`)),
];
