import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '@gridworks/contracts';
import { isRunning, sendSignal } from '../../../local/src/supervise/process-tree.ts';
import { logIn, registerProbePartner } from '../requests/probe-partner.ts';
import { readCountedCalls, readTickets } from '../requests/verify-promises.ts';
import { labelRun } from '../system/label-run.ts';
import { MailFolder } from '../system/mail-folder.ts';
import { PortalClient } from '../system/portal-client.ts';
import type { RunningSystem } from '../system/running-system.ts';
import { seededRandom } from '../system/seeded-random.ts';
import { waitForCalm } from '../system/wait-for-calm.ts';
import { CarefulClient, type PartnerRecord } from './careful-client.ts';
import { judgeStorm, type PartnerOutcome, type StormReport } from './judge-storm.ts';
import { KillPlan } from './kill-plan.ts';

export interface StormOptions {
  /** How long processes are killed. */
  readonly seconds: number;
  readonly seed: number;
  /** Receives lines of progress. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

const PARTNERS = 3;
const SETTLE_LIMIT_MS = 180_000;
const POLL_MS = 500;
const PROGRESS_MS = 30_000;
const PAGE = 100;

/**
 * Kills a process of the portal every four to six seconds, drawn by `seed`, under 70 requests a second of
 * careful clients; then waits until no incident is open, and verifies the promises.
 * @throws NotRunningError, UnhealthyError when it cannot be run
 */
export async function runKillStorm(system: RunningSystem, options: StormOptions): Promise<StormReport> {
  system.assertUp();
  const cleanUp = new AsyncDisposableStack();
  try {
    return await run(system, options, cleanUp);
  } finally {
    await cleanUp.disposeAsync();
  }
}

async function run(
  system: RunningSystem,
  options: StormOptions,
  cleanUp: AsyncDisposableStack,
): Promise<StormReport> {
  const { seconds, seed, say, signal } = options;
  const client = new PortalClient(system.url);
  cleanUp.defer(() => client.close());
  const admin = await logIn(client, system.admin.email, system.admin.password);
  await waitForCalm(client, admin, say, signal);
  const partners = await Promise.all(
    Array.from({ length: PARTNERS }, () => registerProbePartner(system, client)),
  );
  const label = await labelRun(client, admin, 'kill-storm', undefined, seconds + SETTLE_LIMIT_MS / 1000);
  cleanUp.defer(() => label.remove());
  const folder = new MailFolder(system.layout.mail);
  const since = Date.now();
  const load = new CarefulClient(system.url, partners, seededRandom(seed + 1));
  load.start();
  const kills = await killUntil(system, new KillPlan(seed), options, load);
  await load.stop();
  say(`${kills.length} kills, ${load.sent} requests; waiting until nothing is open`);
  const incidents = await settledIncidents(client, admin, since, signal);
  const outcomes: PartnerOutcome[] = [];
  for (const record of load.records) outcomes.push(await outcomeOf(client, record));
  return judgeStorm({
    seed,
    seconds,
    kills,
    outcomes: Object.fromEntries(load.outcomes),
    brokenRepeats: load.brokenRepeats,
    partners: outcomes,
    incidents: incidents.map(({ id, title, status, cause }) => ({
      id,
      title,
      status,
      process: cause.target.process,
    })),
    mails: folder.aboutIncidents().map(({ subject, text }) => ({
      subject,
      incidentId: incidents.find(({ id }) => text.includes(id))?.id ?? null,
    })),
    down: system
      .processes()
      .filter(({ pid }) => pid === null || !isRunning(pid))
      .map(({ name }) => name),
  });
}

async function killUntil(
  system: RunningSystem,
  plan: KillPlan,
  { seconds, say, signal }: StormOptions,
  load: CarefulClient,
): Promise<{ atMs: number; target: string }[]> {
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  const kills: { atMs: number; target: string }[] = [];
  let reportedAt = 0;
  for (;;) {
    await sleep(plan.nextWaitMs(), undefined, { signal });
    if (elapsed() > seconds * 1000) return kills;
    const alive = system.processes().filter(({ pid }) => pid !== null && isRunning(pid));
    const target = plan.pick(alive.map(({ name }) => name));
    const pid = alive.find(({ name }) => name === target)?.pid;
    if (target !== null && pid != null && sendSignal(pid, 'SIGKILL'))
      kills.push({ atMs: Math.round(elapsed()), target });
    if (elapsed() - reportedAt < PROGRESS_MS) continue;
    reportedAt = elapsed();
    say(`${Math.round(elapsed() / 1000)} of ${seconds} s: ${kills.length} kills, ${load.sent} requests`);
  }
}

/** Every incident that began since, once none is open any more, or at the latest when the limit is over. */
async function settledIncidents(
  client: PortalClient,
  admin: string,
  since: number,
  signal: AbortSignal,
): Promise<Incident[]> {
  const until = performance.now() + SETTLE_LIMIT_MS;
  for (;;) {
    const incidents = await incidentsSince(client, admin, since).catch(() => null);
    const settled = incidents?.every(({ status, mailed_at }) => status === 'resolved' && mailed_at !== null);
    if (incidents && (settled || performance.now() > until)) return incidents;
    if (performance.now() > until + SETTLE_LIMIT_MS) throw new Error('the incidents cannot be read');
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function incidentsSince(client: PortalClient, admin: string, since: number): Promise<Incident[]> {
  const found: Incident[] = [];
  for (let after = ''; ; ) {
    const page = await client.get<{ has_more: boolean; data: Incident[] }>(
      `/v1/admin/incidents?limit=${PAGE}${after}`,
      { token: admin },
    );
    found.push(...page.data.filter(({ observed_at }) => Date.parse(observed_at) >= since));
    const last = page.data.at(-1);
    if (!page.has_more || !last || Date.parse(last.observed_at) < since) return found;
    after = `&starting_after=${last.id}`;
  }
}

async function outcomeOf(client: PortalClient, record: PartnerRecord): Promise<PartnerOutcome> {
  const { partner, tickets, metered } = record;
  const found = await readTickets(client, partner.session);
  const counted = await readCountedCalls(client, partner.session, metered.answered);
  return { sent: tickets, found, usage: { ...metered, counted } };
}
