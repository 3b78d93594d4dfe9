import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeContainer {
  readonly id: string;
  readonly labels: Record<string, string>;
  status: 'running' | 'paused' | 'exited';
  pid: number;
  exitCode: number;
  restarts: number;
}

/**
 * The few calls of the Docker Engine API that the healer makes, over a real Unix socket, with the engine's
 * responses.
 */
export async function startFakeDockerEngine() {
  const folder = await mkdtemp(join(tmpdir(), 'gridworks-docker-'));
  const socketPath = join(folder, 'docker.sock');
  const containers = new Map<string, FakeContainer>();
  const calls: string[] = [];
  let pids = 100;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://docker');
    const respond = (status: number, body?: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    const [, version, , id, verb] = url.pathname.split('/');
    calls.push(`${request.method} ${url.pathname.replace(`/${version}`, '')}${url.search}`);
    if (!version?.startsWith('v1.')) return respond(400, { message: 'no version' });
    if (id === 'json') {
      const { label = [] } = JSON.parse(url.searchParams.get('filters') ?? '{}') as { label?: string[] };
      const matching = [...containers.values()].filter(({ labels }) =>
        label.every((one) => labels[one.split('=')[0]!] === one.split('=')[1]),
      );
      return respond(
        200,
        matching.map((one) => ({
          Id: `${one.pid}`.padStart(64, '0'),
          State: one.status,
          Labels: one.labels,
          Names: [`/${one.id}`],
        })),
      );
    }
    const container = containers.get(id ?? '');
    if (!container) return respond(404, { message: `No such container: ${id}` });
    switch (verb) {
      case 'json':
        return respond(200, {
          Id: container.id,
          RestartCount: container.restarts,
          State: {
            Status: container.status,
            Running: container.status !== 'exited',
            Paused: container.status === 'paused',
            Restarting: false,
            Pid: container.status === 'exited' ? 0 : container.pid,
            ExitCode: container.exitCode,
            StartedAt: '2026-01-05T10:00:00Z',
            FinishedAt: container.exitCode ? '2026-01-05T11:00:00Z' : '0001-01-01T00:00:00Z',
          },
        });
      case 'unpause':
        container.status = 'running';
        return respond(204);
      case 'kill':
        if (container.status === 'exited') return respond(409, { message: `container ${id} is not running` });
        if (container.status === 'paused') return respond(409, { message: `container ${id} is paused` });
        Object.assign(container, { status: 'exited', exitCode: 137 });
        return respond(204);
      case 'stop':
        container.status = 'exited';
        return respond(204);
      case 'start':
        if (container.status === 'running') return respond(304);
        Object.assign(container, { status: 'running', pid: pids++ });
        return respond(204);
      default:
        return respond(404, { message: 'page not found' });
    }
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    calls,
    containers,
    has(service: string, number = 1, project = 'gridworks-portal') {
      const id = `${project}-${service}-${number}`;
      const labels = {
        'com.docker.compose.project': project,
        'com.docker.compose.service': service,
        'com.docker.compose.container-number': String(number),
      };
      containers.set(id, { id, labels, status: 'running', pid: pids++, exitCode: 0, restarts: 0 });
      return containers.get(id)!;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type FakeDockerEngine = Awaited<ReturnType<typeof startFakeDockerEngine>>;
