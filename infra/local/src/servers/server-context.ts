import type { Layout } from '../files/layout.ts';
import type { ServerSource } from '../install/install-servers.ts';
import type { Secrets } from '../settings/secrets.ts';
import type { Command } from '../supervise/process-spec.ts';

/** The data for a server's spec. */
export interface ServerContext {
  readonly layout: Layout;
  readonly secrets: Secrets;
  readonly port: number;
  readonly source: ServerSource;
}

/** The few variables that servers need; they do not get the rest of the environment. */
export function serverEnvironment(): Record<string, string> {
  const env: Record<string, string> = { LC_ALL: 'C' };
  for (const name of ['PATH', 'HOME', 'TZ', 'DOCKER_HOST', 'NODE_COMPILE_CACHE']) {
    const value = process.env[name];
    if (value) env[name] = value;
  }
  return env;
}

/**
 * The name of a container contains the clone's, so that the next start finds the container of a killed
 * supervisor.
 */
export function containerName(layout: Layout, server: string): string {
  return `gridworks-${server}-${layout.marker.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^-|-$/g, '')}`;
}

/**
 * Runs a server in the foreground of a Docker engine: its pid is that of the client, which passes signals on.
 */
export function dockerCommand(
  context: ServerContext,
  run: { server: string; innerPort: number; config: string; data: string; args: readonly string[] },
): Command {
  const { source, layout, port } = context;
  if (source.kind !== 'docker') throw new Error(`${run.server} does not run in Docker`);
  const owner = process.getuid ? ['--user', `${process.getuid()}:${process.getgid?.()}`] : [];
  return {
    file: source.docker,
    args: [
      ...['run', '--rm', '--name', containerName(layout, run.server), ...owner],
      ...['--publish', `127.0.0.1:${port}:${run.innerPort}`],
      ...['--volume', `${run.config}:/etc/gridworks.conf:ro`, '--volume', `${run.data}:/data`],
      source.image,
      ...run.args,
    ],
    env: serverEnvironment(),
    cwd: layout.root,
  };
}
