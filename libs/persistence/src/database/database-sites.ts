import {
  GuardError,
  type HealingEnvironment,
  type HealingOptions,
  ProbedBreaker,
  processEnvironment,
  type RollbackOutcome,
  withSelfHealing,
} from '@gridworks/resilience';
import {
  isAway,
  isBusinessError,
  isLockTimeout,
  isLostDuringCommit,
  isStatementTimeout,
  isUnfit,
} from '../connection/persistence.errors.ts';
import type { PostgresConnection } from '../connection/postgres-connection.ts';
import type { DatabaseCall } from './database-call.ts';

type Site = (call: DatabaseCall) => Promise<unknown>;

/** The two call sites at which calls of a service to PostgreSQL are guarded and healed. */
export interface DatabaseSites {
  readonly transaction: Site;
  readonly read: Site;
}

/** Whether a failed attempt left no effect. A repeat that was given up may still commit. */
function leftNothing(error: unknown): boolean {
  if (error instanceof GuardError) return error.code !== 'RESILIENCE.DEADLINE_EXCEEDED';
  return !isLostDuringCommit(error);
}

/**
 * A bug in the work, a full disk, a slow statement, a lock that another session keeps: caught and reported, but the
 * server responds, also to other calls.
 */
const provesHealthy = (error: unknown): boolean =>
  !isAway(error) || isUnfit(error) || isStatementTimeout(error) || isLockTimeout(error);

/** A failed attempt has ended its transaction itself, or PostgreSQL has ended it with the connection. */
async function rollback(error: unknown): Promise<RollbackOutcome> {
  if (!leftNothing(error)) throw new Error('it is unknown whether the transaction was committed');
  return 'rolled_back';
}

/**
 * `<schema>.postgres.transaction` and `<schema>.postgres.read`, with the breaker `postgres` of the
 * environment. They throw the errors of the driver.
 */
export function databaseSites(
  schema: string,
  connection: PostgresConnection,
  environment: HealingEnvironment = processEnvironment,
): DatabaseSites {
  const breaker = environment.breakers.named('postgres', { halfOpenAfterMs: 1000 });
  const probed = new ProbedBreaker(breaker, { probe: () => void connection.server.probe() });
  connection.server.onResponse(() => probed.responded());
  const shared = {
    category: 'database',
    dependency: 'postgres',
    breaker,
    provesHealthy,
    // The pool bounds how many calls run at once and how long the others wait; a second bound would only hide
    // that.
    bulkhead: false,
    retry: { attempts: 3, baseMs: 25, capMs: 200 },
    isBusinessError,
    remainingMs: (call: DatabaseCall) => call.remainingMs(),
    resetConnection: () => connection.recover(),
    environment,
  } satisfies Partial<HealingOptions<Site>>;
  return {
    transaction: withSelfHealing((call: DatabaseCall) => call.attempt(), {
      ...shared,
      source: `${schema}.postgres.transaction`,
      leftNothing,
      idempotencyKey: ({ key }) => key,
      transaction: { rollback },
    }),
    read: withSelfHealing((call: DatabaseCall) => call.attempt(), {
      ...shared,
      source: `${schema}.postgres.read`,
      idempotent: true,
    }),
  };
}
