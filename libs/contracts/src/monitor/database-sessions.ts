import { z } from 'zod';

/** From when on monitor reports sessions of PostgreSQL. The services' own statements end after 3 s, their idle transactions after 5 s. */
export const SESSION_LIMITS = {
  /** A statement that runs longer is reported, milliseconds. */
  slowStatementMs: 30_000,
  /** A session that keeps so many others waiting is reported, */
  pileUpSessions: 5,
  /** when it has done so for this long without a break, milliseconds. */
  pileUpMs: 2000,
  /** A session that is idle in a transaction and keeps any other waiting is reported after this time, milliseconds. */
  idleBlockerMs: 10_000,
} as const;
export type SessionLimits = { readonly [K in keyof typeof SESSION_LIMITS]: number };

/**
 * Application names of work that may take long, and that nobody but a human may end: PostgreSQL's own programs for backups,
 * and our own backup.
 */
export const BACKUP_APPLICATIONS: readonly string[] = [
  ...['pg_dump', 'pg_dumpall', 'pg_restore', 'pg_basebackup'],
  'gridworks:backup',
];

/** One session, as the evidence of a symptom names it. It has nothing of the statement but its first word. */
export const namedSessionSchema = z.object({
  pid: z.number().int().positive(),
  /** RFC 3339 with microseconds: together with the pid it names one session for ever. */
  backend_start: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
  role: z.string().nullable(),
  application_name: z.string(),
  state: z.string().nullable(),
  /** The first word of its statement, when it is one of SQL: `UPDATE`. */
  command: z.string().nullable(),
  /** PostgreSQL's number for statements of the same shape, when it computes one. */
  query_id: z.string().nullable(),
  /** How long it has been in this state, milliseconds. */
  age_ms: z.number().int(),
  /** How many sessions wait for it, directly or behind others. */
  blocked: z.number().int(),
});
export type NamedSession = z.output<typeof namedSessionSchema>;

/** The evidence of `database.lock-pile-up` and `database.slow-statement`: the worst sessions first. */
export const sessionEvidenceSchema = z.object({ sessions: z.array(namedSessionSchema).min(1).max(5) });
