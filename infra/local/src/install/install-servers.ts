import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram, findServer, SERVER_PROGRAMS, type ServerProgram } from './find-servers.ts';

/** How a server is run: a program of this machine, or an image through a running Docker engine. */
export type ServerSource =
  | { kind: 'program'; file: string }
  | { kind: 'docker'; docker: string; image: string };

/** The servers could not be found or installed; the message contains the commands for this system. */
export class ServersMissingError extends Error {
  override readonly name = 'ServersMissingError';
}

/**
 * Finds each server: PATH first, else Debian's packages (as root), else a running Docker engine. `note`
 * receives slow steps. Throws ServersMissingError with the commands for this system.
 */
export async function ensureServers(
  wanted: readonly ServerProgram[],
  note: (text: string) => void = () => {},
): Promise<Map<ServerProgram, ServerSource>> {
  let missing = wanted.filter((server) => !findServer(server));
  let trouble = '';
  if (missing.length > 0 && canUseApt()) {
    note(`installing ${missing.map((server) => SERVER_PROGRAMS[server].debian).join(' and ')} with apt-get`);
    trouble = await installDebianPackages(missing.map((server) => SERVER_PROGRAMS[server].debian));
    missing = wanted.filter((server) => !findServer(server));
  }
  const docker = missing.length > 0 ? await findDockerEngine() : null;
  if (missing.length > 0 && !docker) throw new ServersMissingError(explain(missing, trouble));
  return new Map(
    wanted.map((server): [ServerProgram, ServerSource] => {
      const file = findServer(server);
      if (file) return [server, { kind: 'program', file }];
      return [server, { kind: 'docker', docker: docker ?? 'docker', image: SERVER_PROGRAMS[server].image }];
    }),
  );
}

/** Whether Debian's packages can be installed here. */
export function canUseApt(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && findProgram('apt-get') !== null;
}

/** Seconds to wait for another apt: a new machine updates itself, or another clone installs the same. */
const WAIT_FOR_LOCK = ['-o', 'DPkg::Lock::Timeout=300'];

/** Returns '' on success, else the last lines of apt-get. */
export async function installDebianPackages(packages: string[]): Promise<string> {
  const release = holdSystemServices();
  try {
    const install = ['install', '-y', '--no-install-recommends', ...WAIT_FOR_LOCK, ...packages];
    let done = await run('apt-get', install);
    if (done.code !== 0) {
      const update = await run('apt-get', ['update']);
      done = update.code === 0 ? await run('apt-get', install) : update;
    }
    if (done.code !== 0) return done.output.trim().split('\n').slice(-8).join('\n');
    // Only for a package that this install brought: a machine that already had the package keeps its service
    // unchanged.
    if (existsSync('/run/systemd/system')) await run('systemctl', ['disable', '--now', ...packages]);
    return '';
  } finally {
    release();
  }
}

/**
 * Debian's packages start their service when installed. A `policy-rc.d` that exits with 101 forbids that; one
 * that the administrator wrote is not changed.
 */
function holdSystemServices(): () => void {
  const file = '/usr/sbin/policy-rc.d';
  if (existsSync(file)) return () => {};
  writeFileSync(file, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => rmSync(file, { force: true });
}

async function findDockerEngine(): Promise<string | null> {
  const docker = findProgram('docker');
  return docker && (await run(docker, ['info', '--format', '{{.ServerVersion}}'])).code === 0 ? docker : null;
}

function run(file: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-20_000);
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function explain(missing: ServerProgram[], trouble: string): string {
  const programs = missing.map((server) => SERVER_PROGRAMS[server]);
  const urls = missing.map((server) => `${server.toUpperCase()}_URL`).join(' and ');
  const commands =
    process.platform === 'darwin'
      ? [`brew install ${programs.map((program) => program.brew).join(' ')}`]
      : [`sudo apt-get install ${programs.map((program) => program.debian).join(' ')}   (Debian, Ubuntu)`];
  return [
    `${programs.map((program) => program.program).join(' and ')} not found, and no Docker engine responds.`,
    ...(trouble ? ['apt-get said:', ...trouble.split('\n').map((line) => `  ${line}`)] : []),
    'Do one of these, then run the command again:',
    ...commands.map((command) => `  ${command}`),
    '  start Docker (the images are pulled automatically)',
    `  set ${urls} to a server of yours`,
  ].join('\n');
}
