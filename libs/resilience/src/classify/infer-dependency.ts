import { ERROR_SOURCES, type ErrorSource } from './kinds/classification.ts';

const KNOWN: ReadonlySet<string> = new Set(ERROR_SOURCES);
/** Names that callers use for the same dependency. */
const ALIASES: Readonly<Record<string, ErrorSource>> = {
  postgresql: 'postgres',
  pg: 'postgres',
  database: 'postgres',
  cache: 'redis',
  jetstream: 'nats',
  mail: 'smtp',
  email: 'smtp',
  k8s: 'kubernetes',
  fs: 'filesystem',
  node: 'process',
  api: 'http',
  upstream: 'http',
  sms: 'twilio',
  model: 'openai',
};

export const isErrorSource = (value: unknown): value is ErrorSource =>
  typeof value === 'string' && KNOWN.has(value);

/** The dependency by the rules' name for it; undefined for an unknown word. */
export function resolveDependency(word: string | undefined): ErrorSource | undefined {
  if (word === undefined) return undefined;
  const lower = word.toLowerCase();
  return isErrorSource(lower) ? lower : ALIASES[lower];
}

const BY_NAME: readonly (readonly [RegExp, ErrorSource])[] = [
  [/^(?:Nats|JetStream|NoResponders|PermissionViolation|ClosedConnection|DrainingConnection)/, 'nats'],
  [
    /^(?:ReplyError|ErrorReply|SimpleError|BlobError|WatchError|MultiErrorReply|MaxRetriesPerRequest|ClusterAllFailed|RootNodes)/,
    'redis',
  ],
  [/^Stripe/, 'stripe'],
  [/^(?:RestException|TwilioRest|Twilio)/, 'twilio'],
  [
    /^(?:DatabaseError|QueryFailedError|PostgresError|PostgresException|Sequelize|PrismaClient|Psycopg|SqlError)/,
    'postgres',
  ],
  [/^(?:OpenAI|APIConnection|APIError)/, 'openai'],
];
const BY_STACK: readonly (readonly [RegExp, ErrorSource])[] = [
  [/node_modules\/(?:pg|pg-pool|pg-protocol|postgres|typeorm|knex|sequelize)\//, 'postgres'],
  [/node_modules\/(?:ioredis|redis|@redis)\//, 'redis'],
  [/node_modules\/(?:@nats-io|nats)\//, 'nats'],
  [/node_modules\/nodemailer\//, 'smtp'],
  [/node_modules\/stripe\//, 'stripe'],
  [/node_modules\/twilio\//, 'twilio'],
  [/node_modules\/openai\//, 'openai'],
];

/**
 * The dependency that threw the error, when the caller did not name it: by the class of the error, else by
 * the library on top of its stack.
 */
export function inferDependency(name: string, stack: string): ErrorSource | undefined {
  for (const [pattern, source] of BY_NAME) if (pattern.test(name)) return source;
  const top = stack.slice(0, 600);
  if (!top.includes('node_modules/')) return undefined;
  for (const [pattern, source] of BY_STACK) if (pattern.test(top)) return source;
  return undefined;
}
