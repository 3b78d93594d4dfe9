import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProvisionPlan } from '@gridworks/bus/permissions';
import type { Provisioner, ProvisionRound } from '@gridworks/bus/provisioner';
import type { PackageSources } from '../build/package-sources.ts';
import type { Layout } from '../files/layout.ts';
import { writeFileAtomic } from '../files/write-file.ts';
import { probeNats } from '../supervise/probes.ts';
import type { ProcessSpec } from '../supervise/process-spec.ts';
import { StepError } from '../terminal/progress.ts';
import { removeContainer } from './remove-container.ts';
import { dockerCommand, type ServerContext, serverEnvironment } from './server-context.ts';

/**
 * The maximum size of JetStream's streams and buckets together, bytes. They use 1.3 GiB at most, but NATS 2.9
 * counts a stream once for each service that creates it at the same moment, and refuses the next one when
 * this size is used up.
 */
const MAX_FILE_BYTES = 16 * 1024 * 1024 * 1024;

const natsConfigFile = (context: { layout: Layout }) => join(context.layout.run, 'nats.conf');
const planFile = (layout: Layout) => join(layout.run, 'nats.plan.json');

/** The NATS server; its configuration is rendered before (see `ensureNatsConfig`). */
export function natsSpec(context: ServerContext): ProcessSpec {
  const { layout, port, source } = context;
  const config = natsConfigFile(context);
  return {
    name: 'nats',
    kind: 'server',
    service: null,
    ports: [port],
    prepare: () => removeContainer(context, 'nats'),
    command: () =>
      source.kind === 'program'
        ? { file: source.file, args: ['--config', config], env: serverEnvironment(), cwd: layout.root }
        : dockerCommand(context, {
            server: 'nats',
            innerPort: 4222,
            config,
            data: layout.data.nats,
            args: ['--config', '/etc/gridworks.conf'],
          }),
    probe: (signal) => probeNats(port, signal),
    // JetStream stores nothing any more after a failed write, also when there is free space again.
    stuckByFullDisk: layout.data.nats,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
    stopRank: 2,
  };
}

const PROVISIONED_WITHIN_MS = 30_000;

/** The packages that generate the allow-lists. */
const PERMISSION_PACKAGES = ['libs/bus', 'libs/contracts'];

/** Renders the server's configuration when the contracts, the port or the passwords changed since the last time. */
export async function ensureNatsConfig(
  context: ServerContext,
  packages: readonly PackageSources[],
): Promise<void> {
  const { layout } = context;
  mkdirSync(layout.data.nats, { recursive: true });
  const options = JSON.stringify(configOptions(context));
  const stamp = createHash('sha256').update(options);
  for (const { folder, hash } of packages) if (PERMISSION_PACKAGES.includes(folder)) stamp.update(hash);
  const wanted = stamp.digest('hex');
  const stampFile = join(layout.run, 'nats.conf.stamp');
  const config = natsConfigFile(context);
  if (existsSync(config) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  await renderInChild(config, options);
  writeFileAtomic(stampFile, wanted);
}

function configOptions({ layout, port, secrets, source }: ServerContext) {
  const inside = source.kind === 'docker';
  return {
    host: inside ? '0.0.0.0' : '127.0.0.1',
    port: inside ? 4222 : port,
    storeDir: inside ? '/data' : layout.data.nats,
    passwords: secrets.nats_passwords,
    maxFileBytes: MAX_FILE_BYTES,
    // Older servers refuse to start with this option; the image is newer than 2.10.
    ...(inside ? { syncInterval: '100ms' } : {}),
  };
}

/**
 * Creates streams, buckets and consumers, and creates them again whenever the server lost them, for as long
 * as this process lives. Resolves when all exist. Runs in the supervisor with the plan as JSON, so it needs
 * neither another process nor the contracts.
 */
export async function provisionStreams(
  layout: Layout,
  address: { url: string; user: string; password: string },
  onRound: (round: ProvisionRound) => void,
): Promise<Provisioner> {
  const file = planFile(layout);
  await renderInChild(file, JSON.stringify({ plan: true }));
  // Imported here, once it has been compiled.
  const { Provisioner } = await import('@gridworks/bus/provisioner');
  const options = {
    servers: address.url,
    ...(address.user && { user: address.user, password: address.password }),
    plan: JSON.parse(readFileSync(file, 'utf8')) as ProvisionPlan,
    onRound,
  };
  return Provisioner.startAndWait(options, PROVISIONED_WITHIN_MS).catch((error: Error) => {
    throw new StepError(`the streams of NATS could not be created: ${error.message}`, []);
  });
}

/** A process of its own: loading the contracts would permanently cost the supervisor memory. */
function renderInChild(file: string, options: string): Promise<void> {
  const script = join(import.meta.dirname, 'render-nats-config.ts');
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', script, file];
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, args, (error, _, stderr) =>
      error
        ? reject(new StepError('nats.conf could not be rendered', stderr.trim().split('\n').slice(-10)))
        : resolve(),
    );
    // Through a pipe, so that `ps` does not show the passwords.
    child.stdin?.end(options);
  });
}
