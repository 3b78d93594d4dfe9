import type { Incident } from '@gridworks/contracts';
import type { PortalClient } from '../system/portal-client.ts';
import type { PreparedFault } from '../system/prepared-fault.ts';
import type { RunningSystem } from '../system/running-system.ts';
import type { LoadFigures } from './dashboard-load.ts';
import { type DashboardRun, prepareDashboards } from './prepare-dashboards.ts';

export const POOL_EXHAUSTION = 'pool-exhaustion';
/** The pool must be used normally again within this time. Milliseconds. */
const RECOVERS_WITHIN_MS = 2000;

/** The fault of the experiment, with prevention at work: critical requests must all succeed. */
export async function preparePoolExhaustion(
  system: RunningSystem,
  client: PortalClient,
  admin: string,
  instance: string,
): Promise<PreparedFault> {
  const run = await prepareDashboards(system, client, admin, instance, true);
  let isOver = false;
  return {
    inject: async () => {
      const text = await run.begin();
      void run.over().finally(() => {
        isOver = true;
      });
      return text;
    },
    isOver: () => isOver,
    problems: () => problemsOf(run),
    notes: () => ['with prevention', ...figureLines(run)],
    close: () => run.close(),
  };
}

/** The same load without prevention, for comparison. Resolves with its figures in lines for people. */
export async function runWithoutPrevention(
  system: RunningSystem,
  client: PortalClient,
  admin: string,
  instance: string,
): Promise<string[]> {
  const run = await prepareDashboards(system, client, admin, instance, false);
  try {
    await run.begin();
    await run.over();
    return ['without prevention', ...figureLines(run)];
  } finally {
    await run.close();
  }
}

/** The incident's own account of the pool, without the rest of its timeline. */
export function poolStory({ cause, timeline }: Incident): string[] {
  if (cause.signal !== 'pool.exhausting') return [];
  return timeline
    .filter(({ text }) => text.includes(' of the connections are in use '))
    .map(({ text }) => text);
}

function problemsOf({ critical, recoveryMs }: DashboardRun): string[] {
  const failed = critical.sent - critical.ok;
  const problems: string[] = [];
  if (critical.sent === 0) problems.push('no critical request was sent');
  if (failed > 0)
    problems.push(`${failed} of ${critical.sent} critical requests failed: ${outcomes(critical)}`);
  if (recoveryMs === null || recoveryMs > RECOVERS_WITHIN_MS)
    problems.push(
      `the pool recovered after ${recoveryMs ?? 'an unknown number of'} ms, not within ${RECOVERS_WITHIN_MS}`,
    );
  return problems;
}

function figureLines({ critical, dashboards, recoveryMs }: DashboardRun): string[] {
  return [
    `  critical    ${critical.ok} of ${critical.sent} good, ${outcomes(critical)}; longest ${critical.longestMs} ms`,
    `  dashboards  ${dashboards.served} panels showed their data; ${dashboards.ok} of ${dashboards.sent} queries good, ${outcomes(dashboards)}`,
    `  recovery    ${recoveryMs ?? '–'} ms after the queries were fast again`,
  ];
}

function outcomes({ failed }: LoadFigures): string {
  const parts = Object.entries(failed).map(([outcome, count]) => `${count} × ${outcome}`);
  return parts.length > 0 ? parts.join(', ') : 'none failed';
}
