import { buildPackages } from '../build/build.ts';
import { buildConsole } from '../build/build-console.ts';
import { bundleServices } from '../build/bundle-services.ts';
import type { PackageSources } from '../build/package-sources.ts';
import { warmCompileCache } from '../build/warm-compile-cache.ts';
import { diskFolders } from '../disk/disk-folders.ts';
import { type Layout, shortPath } from '../files/layout.ts';
import { lastLines } from '../files/log-file.ts';
import { SERVER_PROGRAMS, type ServerProgram, versionOf } from '../install/find-servers.ts';
import { ensureServers, type ServerSource, ServersMissingError } from '../install/install-servers.ts';
import { requireForeignServers } from '../install/require-servers.ts';
import { mailSpec } from '../servers/mail.ts';
import { ensureNatsConfig, natsSpec, provisionStreams } from '../servers/nats.ts';
import { ensureCluster, postgresSpec } from '../servers/postgres.ts';
import { findPostgresHome } from '../servers/postgres-home.ts';
import { provisionForeign, provisionOwn } from '../servers/provision.ts';
import { redisSpec } from '../servers/redis.ts';
import { addressesOf, type OwnPorts } from '../settings/addresses.ts';
import { Ports } from '../settings/ports.ts';
import type { Secrets } from '../settings/secrets.ts';
import type { Settings } from '../settings/settings.ts';
import { replacementSpec, SERVICE_TABLE, serviceSpec, type TopologyContext } from '../settings/topology.ts';
import type { ProcessSpec } from '../supervise/process-spec.ts';
import type { Supervisor } from '../supervise/supervisor.ts';
import { type Progress, StepError } from '../terminal/progress.ts';
import { renderSummary } from '../terminal/summary.ts';
import { requireFree } from './require-free-port.ts';
import type { Program } from './run-portal.ts';

/** The maximum time until a process can work, ms; recovery after a crash included. */
const READY_WITHIN_MS = 60_000;

export interface PortalOptions {
  readonly layout: Layout;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly progress: Progress;
  /** Time of the start, by `performance.now()`. */
  readonly startedAt: number;
}

/**
 * Starts the whole portal, and prints one line per step. The started processes belong to the supervisor,
 * which also ends them.
 */
export class Portal implements Program {
  readonly platformToken: string;
  readonly #options: PortalOptions;
  readonly #ports: Ports;
  #context: TopologyContext | undefined;
  /** The two health ports that the runs of an instance use in turn, once it was to be replaced. */
  readonly #healthPorts = new Map<string, readonly number[]>();

  constructor(options: PortalOptions) {
    this.#options = options;
    this.platformToken = options.secrets.platform_token;
    this.#ports = new Ports(options.layout.ports);
  }

  /**
   * Starts the servers, then the services. Throws StepError at the first failure; processes that run by then
   * keep running.
   */
  async start(supervisor: Supervisor): Promise<{ summary: string; url: string }> {
    const { layout, settings, secrets, progress, startedAt } = this.#options;
    await requireFree(settings.port, 'PORT');
    await requireFree(settings.mailPort, 'MAIL_PORT');
    await requireForeignServers(settings, progress);
    const sources = await progress.step('servers', (detail) => this.#findServers(detail));
    const ports = await this.#takePorts();
    const addresses = addressesOf(settings, secrets, ports);
    this.#context = { layout, settings, secrets, addresses, diskFolders: diskFolders(layout) };
    await Promise.all([
      this.#buildAndStartNats(supervisor, sources, ports),
      this.#buildConsole(),
      this.#startRedis(supervisor, sources, ports),
      this.#startPostgres(supervisor, ports),
      settings.smtpUrl === undefined && this.#startMail(supervisor, ports),
    ]);
    await Promise.all(
      SERVICE_TABLE.map(async ({ service }) => this.#run(supervisor, await this.#require(service))),
    );
    const url = `http://127.0.0.1:${ports.gateway}`;
    return { summary: renderSummary({ layout, settings, ports, ms: performance.now() - startedAt }), url };
  }

  /** The spec of an instance of a service; null when the service cannot have that many instances. */
  async instance(service: string, number: number): Promise<ProcessSpec | null> {
    const row = SERVICE_TABLE.find((each) => each.service === service);
    if (!row || !this.#context) return null;
    const name = number === 1 ? service : `${service}-${number}`;
    return serviceSpec(this.#context, row.service, number, await this.#ports.take(name));
  }

  /** The spec of another run at the other health port of the instance; null when two cannot work beside each other. */
  async replacement(present: ProcessSpec): Promise<ProcessSpec | null> {
    if (!this.#context || !replacementSpec(this.#context, present, 0)) return null;
    const { name } = present;
    const used = present.ports.at(-1) as number;
    const known = this.#healthPorts.get(name);
    const both = known ?? [used, await this.#ports.take(`${name}-replacement`)];
    this.#healthPorts.set(name, both);
    const other = both.find((port) => port !== used) as number;
    return replacementSpec(this.#context, present, other);
  }

  async #require(service: string): Promise<ProcessSpec> {
    const spec = await this.instance(service, 1);
    if (!spec) throw new Error(`no spec for ${service}`);
    return spec;
  }

  async #findServers(detail: (text: string) => void): Promise<Map<ServerProgram, ServerSource>> {
    const { natsUrl, redisUrl } = this.#options.settings;
    const wanted: ServerProgram[] = [
      ...(natsUrl ? [] : ['nats' as const]),
      ...(redisUrl ? [] : ['redis' as const]),
    ];
    try {
      const found = await ensureServers(wanted, detail);
      const texts = [...found].map(([server, source]) =>
        source.kind === 'docker'
          ? source.image
          : `${SERVER_PROGRAMS[server].program} ${versionOf(source.file)}`,
      );
      detail(texts.join(', '));
      return found;
    } catch (error) {
      if (!(error instanceof ServersMissingError)) throw error;
      const [first = '', ...rest] = error.message.split('\n');
      throw new StepError(first, rest);
    }
  }

  async #takePorts(): Promise<OwnPorts> {
    const { port, mailPort } = this.#options.settings;
    return {
      gateway: await this.#ports.take('gateway-http', port),
      nats: await this.#ports.take('nats'),
      postgres: await this.#ports.take('postgres'),
      redis: await this.#ports.take('redis'),
      smtp: await this.#ports.take('smtp'),
      mailPage: await this.#ports.take('mail-page', mailPort),
    };
  }

  /** Before the gateway starts, since the gateway reads the pages once. */
  async #buildConsole(): Promise<void> {
    const { layout, progress } = this.#options;
    await progress.step('console', async (detail) => {
      detail((await buildConsole(layout.root)) ?? 'not in this copy of the repository');
    });
  }

  /** NATS starts after the build, since its allow-lists are generated from the contracts. */
  async #buildAndStartNats(
    supervisor: Supervisor,
    sources: Map<ServerProgram, ServerSource>,
    ports: OwnPorts,
  ) {
    const { layout, secrets, progress } = this.#options;
    const packages = await progress.step('build', async (detail) => {
      const { all, compiled } = await buildPackages(layout.root);
      detail(compiled.length === 0 ? 'unchanged' : `${compiled.length} of ${all.length} packages compiled`);
      return all;
    });
    const startNats = async () => {
      const source = sources.get('nats');
      if (source) {
        const context = { layout, secrets, port: ports.nats, source };
        await ensureNatsConfig(context, packages);
        await this.#run(supervisor, natsSpec(context));
      }
      await this.#provisionStreams(ports);
    };
    await Promise.all([this.#bundle(packages), startNats()]);
  }

  /** The streams may be lost at any time; from now on they are created again within a second. */
  async #provisionStreams(ports: OwnPorts): Promise<void> {
    const { layout, settings, secrets, progress } = this.#options;
    const { nats } = addressesOf(settings, secrets, ports);
    const quiet = { said: '' };
    await progress.step('streams', async (detail) => {
      await provisionStreams(layout, nats('provisioner'), ({ made, failed }) => {
        const text = failed.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
        if (made.length > 0) detail(`${made.length} streams, buckets and consumers created`);
        if (text !== '' && text !== quiet.said) progress.line('·', 'streams', text);
        quiet.said = text;
      });
    });
  }

  async #bundle(packages: readonly PackageSources[]): Promise<void> {
    const { layout, progress } = this.#options;
    await progress.step('code', async (detail) => {
      const hasChanged = await bundleServices(layout.root, packages);
      if (!hasChanged) return detail('unchanged');
      const specs = await Promise.all(SERVICE_TABLE.map(({ service }) => this.#require(service)));
      await warmCompileCache(specs.map((spec) => spec.command()));
      detail('bundled and compiled ahead, so that restarts are quick');
    });
  }

  async #startRedis(supervisor: Supervisor, sources: Map<ServerProgram, ServerSource>, ports: OwnPorts) {
    const { layout, secrets } = this.#options;
    const source = sources.get('redis');
    if (source) await this.#run(supervisor, redisSpec({ layout, secrets, port: ports.redis, source }));
  }

  async #startPostgres(supervisor: Supervisor, ports: OwnPorts): Promise<void> {
    const { layout, settings, secrets, progress } = this.#options;
    if (settings.databaseUrl) {
      const url = settings.databaseUrl;
      await progress.step('database', async (detail) => {
        await provisionForeign(url, secrets);
        detail('roles and schemas in the server of DATABASE_URL');
      });
      return;
    }
    const home = await findPostgresHome(layout);
    if (home.outside)
      progress.line(
        '·',
        'postgres',
        `its data is in ${home.folder} (its user cannot enter ${shortPath(layout, layout.local)})`,
      );
    const cluster = await ensureCluster(home, secrets.postgres_password);
    await this.#run(supervisor, postgresSpec(home, ports.postgres), `PostgreSQL ${home.major}`);
    const provisioned = await provisionOwn(
      home.data,
      ports.postgres,
      secrets,
      shortPath(layout, layout.secrets),
    );
    if (cluster === 'made' || provisioned === 'made') {
      progress.line('✓', 'database', 'roles and schemas created');
    }
  }

  #startMail(supervisor: Supervisor, ports: OwnPorts): Promise<void> {
    const { layout, secrets } = this.#options;
    return this.#run(
      supervisor,
      mailSpec({ layout, secrets, smtpPort: ports.smtp, pagePort: ports.mailPage }),
    );
  }

  /** Starts a process and waits until it can work. Throws StepError with the end of its log. */
  #run(supervisor: Supervisor, spec: ProcessSpec, what = ''): Promise<void> {
    const started = supervisor.add(spec);
    return this.#options.progress.step(spec.name, async (detail) => {
      detail(`${what} ${spec.ports.map((port) => `:${port}`).join(' ')}`.trim());
      await started.start();
      await started.whenRunning(READY_WITHIN_MS).catch((error: Error) => {
        throw new StepError(`${spec.name} does not come up: ${error.message}`, [
          ...lastLines(started.log, 12),
          `The whole log: ${started.log}`,
        ]);
      });
    });
  }
}
