import { setTimeout as sleep } from 'node:timers/promises';
import { type DiskExperiment, prepareDiskFault } from '../disk/disk-fault.ts';
import { SmallPortal } from '../disk/small-portal.ts';
import { POOL_EXHAUSTION, poolStory, preparePoolExhaustion } from '../pool-exhaustion/pool-exhaustion.ts';
import { measureRequests } from '../requests/measure-requests.ts';
import { ProbeClient } from '../requests/probe-client.ts';
import { logIn, registerProbePartner } from '../requests/probe-partner.ts';
import { brokenPromises, type Promises, verifyPromises } from '../requests/verify-promises.ts';
import { IncidentWatch } from '../system/incident-watch.ts';
import { labelRun } from '../system/label-run.ts';
import { MailFolder } from '../system/mail-folder.ts';
import { MailedIncidents } from '../system/mailed-incidents.ts';
import { freshAddress, PortalClient } from '../system/portal-client.ts';
import type { PreparedFault } from '../system/prepared-fault.ts';
import type { RunningSystem } from '../system/running-system.ts';
import { UnhealthyError, waitForCalm } from '../system/wait-for-calm.ts';
import { drawTimeline } from './draw-timeline.ts';
import type { Experiment } from './experiments.ts';
import { targetOf } from './experiments.ts';
import { Freezer } from './freeze-tree.ts';
import { prepareInjection } from './inject-fault.ts';
import { makeReport, momentsOf, type Report } from './report.ts';

export interface ExperimentOptions {
  readonly experiment: Experiment;
  readonly target: string | undefined;
  /** How long the control run takes. */
  readonly seconds: number;
  /** Receives a line of progress for each step. */
  readonly say: (text: string) => void;
  /** Ends the run early; frozen processes continue. */
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly report: Report;
  readonly picture: string;
}

const WARM_UP_MS = 2000;
const WARM_UP_LIMIT_MS = 60_000;
const HEAL_LIMIT_SECONDS = 60;
/** After this time without a failure the routes count as served in the end. */
const GOOD_FOR_MS = 2000;
/** How long a second incident or mail is waited for. */
const AFTERWARDS_MS = 4000;
const POLL_EVERY_MS = 50;
/** Epoch ms of a clock that never jumps. */
const now = () => performance.timeOrigin + performance.now();

/**
 * Runs one experiment, from calm to calm: probes, injects the fault, follows the incident, and verifies the
 * promises that were made meanwhile. @throws UsageError, NotRunningError, UnhealthyError when it cannot be
 * run.
 */
export async function runExperiment(system: RunningSystem, options: ExperimentOptions): Promise<RunResult> {
  const cleanUp = new AsyncDisposableStack();
  try {
    if (!options.experiment.own_portal) return await run(system, options, cleanUp);
    const portal = await SmallPortal.start(system.layout.root, options.say);
    cleanUp.defer(() => portal.stop());
    return await run(portal.system, options, cleanUp);
  } finally {
    await cleanUp.disposeAsync();
  }
}

async function run(
  system: RunningSystem,
  options: ExperimentOptions,
  cleanUp: AsyncDisposableStack,
): Promise<RunResult> {
  const { experiment, say, signal } = options;
  system.assertUp();
  const processes = system.processes();
  const target = targetOf(experiment, options.target, processes);
  const client = new PortalClient(system.url);
  const freezer = new Freezer();
  cleanUp.defer(() => client.close());
  cleanUp.defer(() => void freezer.thaw());

  const admin = await logIn(client, system.admin.email, system.admin.password);
  await waitForCalm(client, admin, say, signal);
  const network = new PortalClient(system.url, 1, freshAddress());
  cleanUp.defer(() => network.close());
  const partner = await registerProbePartner(system, network);
  // Its calls are not compared with what was counted.
  const bystander = experiment.own_portal ? await registerProbePartner(system, network) : partner;
  const seconds =
    experiment.targets === 'nobody'
      ? options.seconds
      : (experiment.heals_within_seconds ?? HEAL_LIMIT_SECONDS);
  const label = await labelRun(client, admin, experiment.name, target?.name, seconds);
  cleanUp.defer(() => label.remove());

  const probe = new ProbeClient(system.url, partner.keys, now);
  cleanUp.defer(() => probe.stop());
  probe.start();
  await warmUp(probe, signal);
  if (system.mailsGoOut) say('SMTP_URL takes mails elsewhere: they are counted by what the incidents say');
  say('50 requests a second succeed');

  const injection: PreparedFault =
    experiment.name === POOL_EXHAUSTION && target
      ? await preparePoolExhaustion(system, client, admin, target.name)
      : experiment.own_portal
        ? await prepareDiskFault(system, experiment.name as DiskExperiment, {
            client,
            admin,
            key: bystander.keys[0]!,
          })
        : await prepareInjection(experiment, target, freezer, {
            superuser: system.databaseUrl,
            support: system.databaseUrlOf('support'),
          });
  cleanUp.defer(() => injection.close());
  const folder = new MailFolder(system.layout.mail);
  const injectedAt = now();
  const watch = new IncidentWatch(client, admin, injectedAt);
  const mails = system.mailsGoOut ? new MailedIncidents(() => watch.all()) : folder;
  watch.start();
  cleanUp.defer(() => watch.stop());
  say(`at 0 ms: ${await injection.inject()}`);

  const running = () => {
    const entry = target && system.process(target.name);
    return target
      ? entry?.pid != null && !freezer.holds(entry.pid)
      : unchanged(processes, system.processes());
  };
  const over = () => {
    const incident = target && watch.of(target.name);
    const mailed = incident !== null && mails.about(incident).length > 0;
    const ended = injection.isOver?.() ?? true;
    return ended && incident?.status === 'resolved' && mailed && running() && probe.goodFor(GOOD_FOR_MS);
  };
  await waitUntil(over, seconds * 1000, signal);
  if (target) await waitUntil(() => false, AFTERWARDS_MS, signal);
  const servedInTheEnd = probe.goodFor(GOOD_FOR_MS);
  const endedAt = now();
  const thawed = freezer.thaw();
  if (thawed > 0) say(`${thawed} processes were still stopped and were made to go on`);
  await probe.stop();
  await watch.stop();
  await watch.read().catch(() => undefined);

  const promises = await promisesOf(client, partner.session, probe, say);
  const incident = target ? watch.of(target.name) : (watch.all()[0] ?? null);
  const report = makeReport({
    experiment: experiment.name,
    target: target?.name ?? null,
    unnoticed: experiment.unnoticed ?? false,
    injectedAt,
    incident,
    incidents: watch.all(),
    mails: mails.aboutIncidents().length,
    mailsFrom: system.mailsGoOut ? 'incidents' : 'sink',
    mailsAboutIncident: incident ? mails.about(incident).length : 0,
    requests: measureRequests(probe.records, injectedAt, endedAt),
    servedInTheEnd,
    runs: running() && thawed === 0,
    promises,
    brokenPromises: [
      ...(promises ? brokenPromises(promises) : ['whether promises were kept could not be read']),
      ...(injection.problems?.() ?? []),
    ],
    notes: [...(incident ? poolStory(incident) : []), ...(injection.notes?.() ?? [])],
  });
  return { report, picture: drawTimeline(probe.records, momentsOf(report), injectedAt, endedAt) };
}

async function warmUp(probe: ProbeClient, signal: AbortSignal): Promise<void> {
  await waitUntil(() => probe.goodFor(WARM_UP_MS), WARM_UP_LIMIT_MS, signal);
  if (probe.goodFor(WARM_UP_MS)) return;
  throw new UnhealthyError(`requests fail even without a fault: ${probe.failures().join(', ')}`);
}

async function waitUntil(done: () => boolean, limitMs: number, signal: AbortSignal): Promise<void> {
  for (const until = now() + limitMs; now() < until && !done(); )
    await sleep(POLL_EVERY_MS, undefined, { signal });
}

async function promisesOf(
  client: PortalClient,
  session: string,
  probe: ProbeClient,
  say: (text: string) => void,
): Promise<Promises | null> {
  const sent = probe.records.filter(({ route }) => route === 'POST /v1/tickets').length;
  try {
    return await verifyPromises(client, session, probe.acknowledged, probe.metered, sent);
  } catch (error) {
    say(`what was promised could not be verified: ${(error as Error).message}`);
    return null;
  }
}

type Process = ReturnType<RunningSystem['processes']>[number];

const unchanged = (before: readonly Process[], after: readonly Process[]): boolean =>
  before.every(({ name, pid }) => after.find((entry) => entry.name === name)?.pid === pid);
