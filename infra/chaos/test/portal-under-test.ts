import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Incident, IncidentError } from '@gridworks/contracts';
import { endWithTest, eventually } from '@gridworks/testing';
import { outsideFolder } from '../../local/src/servers/postgres-home.ts';
import { DATABASE_NAME } from '../../local/src/settings/addresses.ts';
import { readEnvironment } from '../../local/src/settings/read-environment.ts';
import { publishUnlimitedPlan } from '../src/requests/lift-limits.ts';
import { logIn, type ProbePartner, registerProbePartner } from '../src/requests/probe-partner.ts';
import { PortalClient } from '../src/system/portal-client.ts';
import { RunningSystem } from '../src/system/running-system.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Where in which incident an error is reported. */
export interface ReportedError {
  readonly incident: Incident;
  readonly error: IncidentError;
}

/** The whole portal, as `npm start` runs it, in a folder of its own. */
export class PortalUnderTest {
  readonly system: RunningSystem;
  readonly client: PortalClient;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #output: () => string;
  #admin = '';

  private constructor(child: ChildProcess, folder: string, system: RunningSystem, output: () => string) {
    this.#child = child;
    this.#folder = folder;
    this.#output = output;
    this.system = system;
    this.client = new PortalClient(system.url);
  }

  /** Resolves once it prints `ready`. `env`: what a person would write into `.env`. */
  static async start(env: Readonly<Record<string, string>>): Promise<PortalUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), 'gridworks-portal-'));
    const { NODE_OPTIONS: _, ...own } = process.env;
    const environment = { ...own, ...env, LOCAL_DIR: folder, PORT: '0', MAIL_PORT: '0' };
    const read = readEnvironment(root, environment as NodeJS.ProcessEnv);
    const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
    const child = endWithTest(
      spawn(process.execPath, [...flags, 'infra/local/src/commands/start.ts'], {
        cwd: root,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
      [folder, outsideFolder(read.layout)],
    );
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += String(part)));
    try {
      const ended = () => child.exitCode ?? child.signalCode;
      await eventually(
        () => {
          if (ended() === null && !/^\s*ready /m.test(text))
            throw new Error(`the portal is not ready yet:\n${text}`);
        },
        { timeoutMs: 120_000, everyMs: 200 },
      );
      if (ended() !== null) throw new Error(`the portal ended with ${ended()}:\n${text}`);
      const portal = new PortalUnderTest(child, folder, new RunningSystem(read), () => text);
      await publishUnlimitedPlan(portal.system.databaseUrl);
      const { email, password } = portal.system.admin;
      // The admin of the configuration is made in the background. Few tries: wrong ones are counted.
      await eventually(
        async () => {
          portal.#admin = await logIn(portal.client, email, password);
        },
        { timeoutMs: 15_000, everyMs: 3_000 },
      );
      return portal;
    } catch (error) {
      child.kill('SIGTERM');
      throw error;
    }
  }

  get admin(): string {
    return this.#admin;
  }

  /** Of a process, by the platform's name. */
  pid(name: string): number {
    const pid = this.system.process(name)?.pid;
    if (!pid) throw new Error(`${name} does not run`);
    return pid;
  }

  /** The sum of a metric of a process, over its labels. 0 where nothing was counted. */
  async metric(process: string, name: string): Promise<number> {
    const port = this.system.process(process)?.ports.at(-1);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    if (!text.includes(`# TYPE ${name} `)) throw new Error(`${process} has no metric ${name}`);
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  redis(): { port: number; password: string } {
    const secrets = JSON.parse(readFileSync(this.system.layout.secrets, 'utf8')) as {
      redis_password: string;
    };
    return { port: this.system.process('redis')?.ports[0] ?? 0, password: secrets.redis_password };
  }

  /** The URL of PostgreSQL under the role of a service. */
  databaseUrl(service: 'auth' | 'billing' | 'support' | 'monitor' | 'healer'): string {
    const secrets = JSON.parse(readFileSync(this.system.layout.secrets, 'utf8')) as {
      database_passwords: Record<string, string>;
    };
    const port = this.system.process('postgres')?.ports[0];
    return `postgres://${service}:${encodeURIComponent(secrets.database_passwords[service] ?? '')}@127.0.0.1:${port}/${DATABASE_NAME}`;
  }

  partner(): Promise<ProbePartner> {
    return registerProbePartner(this.system, this.client);
  }

  async incidents(): Promise<Incident[]> {
    const page = await this.client.get<{ data: Incident[] }>('/v1/admin/incidents?limit=100', {
      token: this.#admin,
      timeoutMs: 10_000,
    });
    return page.data;
  }

  /** Waits until an incident reports a matching error. */
  async reportedError(
    fits: (error: IncidentError, incident: Incident) => boolean,
    timeoutMs = 30_000,
  ): Promise<ReportedError> {
    let found: ReportedError | undefined;
    let seen = '';
    await eventually(
      async () => {
        const all = (await this.incidents()).flatMap((incident) =>
          incident.errors.map((error) => ({ incident, error })),
        );
        seen = all.map(({ error }) => `${error.source} ${error.kind} ${error.strategy}`).join('\n');
        found = all.find(({ incident, error }) => fits(error, incident));
        if (!found) throw new Error(`no incident tells of it; told are:\n${seen}`);
      },
      { timeoutMs, everyMs: 300 },
    );
    return found as ReportedError;
  }

  /** What it printed. */
  output(): string {
    return this.#output();
  }

  async stop(): Promise<void> {
    this.client.close();
    if (this.#child.exitCode === null) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGTERM');
      await ended;
    }
    for (const folder of [this.#folder, outsideFolder(this.system.layout)])
      rmSync(folder, { recursive: true, force: true });
  }
}
