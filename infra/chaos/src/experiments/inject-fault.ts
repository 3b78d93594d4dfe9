import pg from 'pg';
import { isRunning, sendSignal } from '../../../local/src/supervise/process-tree.ts';
import type { ProcessEntry } from '../../../local/src/supervise/state-file.ts';
import type { PreparedFault } from '../system/prepared-fault.ts';
import { type Experiment, serviceOf } from './experiments.ts';
import type { Freezer } from './freeze-tree.ts';
import { insideFault } from './inside-faults.ts';
import { changeObjectsIn, evaluateIn } from './inspect-process.ts';
import { prepareLockPileUp, prepareSlowQuery, type StraySessions } from './stray-sessions.ts';

/**
 * Prepares an experiment, so that the injection itself takes no time. `urls`: of PostgreSQL, as a superuser, which is used
 * only to cut connections, and as the role support. `close` afterwards.
 */
export async function prepareInjection(
  experiment: Experiment,
  target: ProcessEntry | null,
  freezer: Freezer,
  urls: { readonly superuser: string; readonly support: string },
): Promise<PreparedFault> {
  const close = async () => undefined;
  if (target === null) return { inject: async () => 'nothing', close };
  const pid = target.pid!;
  if (experiment.name.endsWith('-kill')) {
    return { inject: async () => killed(target.name, pid), close };
  }
  if (experiment.name.endsWith('-freeze')) {
    return {
      inject: async () => {
        freezer.freeze(pid);
        return `SIGSTOP to ${target.name} (${pid}) and all that came from it`;
      },
      close,
    };
  }
  const prepareSessions = STRAY_SESSIONS[experiment.name];
  if (prepareSessions) {
    const sessions = await prepareSessions(urls.support);
    return { inject: () => sessions.begin(), close: () => sessions.close() };
  }
  const fault = insideFault(experiment.name);
  if (fault) {
    return {
      inject: async () => {
        if ('code' in fault) await evaluateIn(pid, fault.code);
        else await changeObjectsIn(pid, fault.change);
        return `${fault.does} in ${target.name} (${pid})`;
      },
      close,
    };
  }
  const client = new pg.Client({ connectionString: urls.superuser, connectionTimeoutMillis: 3000 });
  client.on('error', () => undefined);
  await client.connect();
  return {
    inject: async () =>
      `${await cutConnections(client, serviceOf(target.name))} connections of ${target.name} ended`,
    close: () => client.end().catch(() => undefined),
  };
}

const STRAY_SESSIONS: Readonly<Record<string, (url: string) => Promise<StraySessions>>> = {
  'lock-pile-up': prepareLockPileUp,
  'slow-query': prepareSlowQuery,
};

function killed(name: string, pid: number): string {
  if (!isRunning(pid) || !sendSignal(pid, 'SIGKILL'))
    throw new Error(`${name} (${pid}) had ended before it could be killed`);
  return `SIGKILL to ${name} (${pid})`;
}

/** Ends every connection of one role. Returns how many there were. */
export async function cutConnections(client: pg.Client, role: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = $1 and pid <> pg_backend_pid()',
    [role],
  );
  return Number(rows[0]?.count ?? 0);
}
