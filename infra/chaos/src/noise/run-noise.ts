import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, sendSignal } from '../../../local/src/supervise/process-tree.ts';
import { evaluateIn } from '../experiments/inspect-process.ts';
import { logIn, registerProbePartner } from '../requests/probe-partner.ts';
import { IncidentWatch } from '../system/incident-watch.ts';
import { MailFolder } from '../system/mail-folder.ts';
import { freshAddress, PortalClient } from '../system/portal-client.ts';
import type { RunningSystem } from '../system/running-system.ts';
import { seededRandom } from '../system/seeded-random.ts';
import { waitForCalm } from '../system/wait-for-calm.ts';

export interface NoiseOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Receives lines of progress. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** What was done to the portal, none of it a fault, and what the portal made of it. */
export interface NoiseReport {
  readonly seconds: number;
  readonly seed: number;
  /** Requests by status, or `timeout`. */
  readonly requests: Readonly<Record<string, number>>;
  readonly bursts: number;
  readonly collections: number;
  /** Names of the services, in order. */
  readonly deployments: readonly string[];
  /** Signal and title of each incident: every symptom has one. */
  readonly incidents: readonly string[];
  readonly mails: readonly string[];
  readonly passed: boolean;
}

/** Services of which callers notice no orderly restart. */
const DEPLOYED = ['auth', 'billing', 'support'];
const BACKGROUND_EVERY_MS = 200;
const BURST_EVERY_S = [60, 180] as const;
const BURST_SECONDS = [5, 20] as const;
/** Callers of a burst, each from a network of its own with a limit of its own, and how often each calls. */
const BURST_CALLERS = 12;
const BURST_CALL_EVERY_MS = 100;
const COLLECTION_EVERY_S = [20, 40] as const;
const DEPLOYMENT_EVERY_S = [300, 600] as const;
const PROGRESS_EVERY_S = 60;
/** A symptom that is being confirmed may still come. */
const AFTERWARDS_MS = 10_000;

/**
 * Normal but noisy use of the running portal, drawn by `seed`: requests in bursts, garbage collections of whole processes, and orderly
 * restarts of services as a deployment makes them. Nothing is wrong, so there may be no incident and no mail.
 * @throws NotRunningError, UnhealthyError when it cannot be run
 */
export async function runNoise(system: RunningSystem, options: NoiseOptions): Promise<NoiseReport> {
  const { seconds, seed, say, signal } = options;
  system.assertUp();
  const client = new PortalClient(system.url);
  const network = new PortalClient(system.url, 4, freshAddress());
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  let watch: IncidentWatch | undefined;
  try {
    const admin = await logIn(client, system.admin.email, system.admin.password);
    await waitForCalm(client, admin, say, signal);
    const { session } = await registerProbePartner(system, network);
    const mails = new MailFolder(system.layout.mail);
    watch = new IncidentWatch(client, admin, Date.now());
    watch.start();
    const noise = new Noise(system, network, session, seed, stop);
    const work = noise.begin();
    for (let second = 0; second < seconds; second += PROGRESS_EVERY_S) {
      await sleep(Math.min(PROGRESS_EVERY_S, seconds - second) * 1000, undefined, { signal });
      say(`${Math.min(seconds, second + PROGRESS_EVERY_S)} of ${seconds} s: ${noise.described()}`);
    }
    ended.abort();
    await work;
    await sleep(AFTERWARDS_MS, undefined, { signal });
    await watch.stop();
    await watch.read();
    const incidents = watch.all().map(({ cause, title }) => `${cause.signal}: ${title}`);
    const subjects = mails.aboutIncidents().map(({ subject }) => subject);
    const passed = incidents.length === 0 && subjects.length === 0;
    return { seconds, seed, ...noise.figures(), incidents, mails: subjects, passed };
  } finally {
    ended.abort();
    await watch?.stop();
    client.close();
    network.close();
  }
}

class Noise {
  readonly #system: RunningSystem;
  readonly #network: PortalClient;
  readonly #session: string;
  readonly #seed: number;
  readonly #stop: AbortSignal;
  readonly #requests: Record<string, number> = {};
  readonly #deployments: string[] = [];
  #bursts = 0;
  #collections = 0;

  constructor(
    system: RunningSystem,
    network: PortalClient,
    session: string,
    seed: number,
    stop: AbortSignal,
  ) {
    this.#system = system;
    this.#network = network;
    this.#session = session;
    this.#seed = seed;
    this.#stop = stop;
  }

  /** Runs until it is stopped. */
  async begin(): Promise<void> {
    const collect = seededRandom(this.#seed + 1);
    const deploy = seededRandom(this.#seed + 2);
    const burst = seededRandom(this.#seed + 3);
    await Promise.all([
      this.#repeat(
        () => BACKGROUND_EVERY_MS,
        async () => void this.#request(this.#network, this.#session),
      ),
      this.#repeat(
        () => between(COLLECTION_EVERY_S, collect) * 1000,
        () => this.#collect(collect),
      ),
      this.#repeat(
        () => between(DEPLOYMENT_EVERY_S, deploy) * 1000,
        () => this.#deploy(deploy),
      ),
      this.#repeat(
        () => between(BURST_EVERY_S, burst) * 1000,
        () => this.#burst(between(BURST_SECONDS, burst)),
      ),
    ]);
  }

  figures(): Pick<NoiseReport, 'requests' | 'bursts' | 'collections' | 'deployments'> {
    return {
      requests: this.#requests,
      bursts: this.#bursts,
      collections: this.#collections,
      deployments: this.#deployments,
    };
  }

  described(): string {
    const sent = Object.values(this.#requests).reduce((sum, one) => sum + one, 0);
    return `${sent} requests, ${this.#bursts} bursts, ${this.#collections} collections, ${this.#deployments.length} deployments`;
  }

  async #repeat(pauseMs: () => number, work: () => Promise<void>): Promise<void> {
    while (!this.#stop.aborted) {
      await sleep(pauseMs(), undefined, { signal: this.#stop }).catch(() => undefined);
      if (!this.#stop.aborted) await work();
    }
  }

  async #request(client: PortalClient, token?: string): Promise<void> {
    const path = token === undefined ? '/v1/plans' : '/v1/me';
    const outcome = await client.call(path, { token }).then(
      ({ status }) => String(status),
      (error: { code: string }) => error.code,
    );
    this.#requests[outcome] = (this.#requests[outcome] ?? 0) + 1;
  }

  async #burst(seconds: number): Promise<void> {
    this.#bursts++;
    const callers = Array.from(
      { length: BURST_CALLERS },
      () => new PortalClient(this.#system.url, 2, freshAddress()),
    );
    for (let at = 0; at < seconds * 1000 && !this.#stop.aborted; at += BURST_CALL_EVERY_MS) {
      for (const caller of callers) void this.#request(caller);
      await sleep(BURST_CALL_EVERY_MS);
    }
    for (const caller of callers) caller.close();
  }

  async #collect(random: () => number): Promise<void> {
    const { pid } = this.#pick(
      this.#system.processes().filter(({ kind }) => kind === 'service'),
      random,
    );
    if (pid === null || !isRunning(pid)) return;
    // Only one process of a machine can have its inspector open at the usual port.
    await evaluateIn(pid, 'globalThis.gc?.();').then(
      () => this.#collections++,
      () => undefined,
    );
  }

  /** The process finishes what it began and ends; the platform starts it again. */
  async #deploy(random: () => number): Promise<void> {
    const services = this.#system.processes().filter(({ name }) => DEPLOYED.includes(name));
    const { name, pid } = this.#pick(services, random);
    if (pid !== null && sendSignal(pid, 'SIGTERM')) this.#deployments.push(name);
  }

  #pick<T>(all: readonly T[], random: () => number): T {
    return all[Math.floor(random() * all.length)] as T;
  }
}

const between = ([low, high]: readonly [number, number], random: () => number): number =>
  low + (high - low) * random();
