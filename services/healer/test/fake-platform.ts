import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PlatformAct {
  readonly process: string;
  readonly verb: string;
  readonly operationId: string;
  readonly epoch: number;
}

export interface FakeProcess {
  name: string;
  state: 'running' | 'starting' | 'stopped' | 'backing-off' | 'crash-loop';
  restarts: number;
}

/**
 * A platform port on a real Unix socket: token, operation ids and fencing as the real one has them. What an act does
 * is up to the test (`onAct`).
 */
export async function startFakePlatform(socket?: string, token = 'platform-token') {
  const folder = await mkdtemp(join(tmpdir(), 'gridworks-platform-'));
  const socketPath = socket ?? join(folder, 'platform.sock');
  const processes = new Map<string, FakeProcess>();
  const acts: PlatformAct[] = [];
  let listed = 0;
  const outcomes = new Map<string, Promise<unknown>>();
  const epochs = new Map<string, number>();
  const hooks: { onAct: (act: PlatformAct) => Promise<void> | void; delayMs: number } = {
    onAct: () => undefined,
    delayMs: 0,
  };

  const describe = (one: FakeProcess) => ({
    ...one,
    kind: ['nats', 'postgres', 'redis'].includes(one.name) ? 'server' : 'service',
    service: one.name.replace(/-\d+$/, ''),
    pid: 1000,
    ports: [],
    started_at: new Date().toISOString(),
    last_exit: null,
  });
  const route = async (request: IncomingMessage): Promise<[number, unknown]> => {
    if (request.headers.authorization !== `Bearer ${token}`) return [401, { detail: 'the token is wrong' }];
    if (request.method === 'GET') listed++;
    if (request.method === 'GET') return [200, { processes: [...processes.values()].map(describe) }];
    const [, , , name = '', verb = ''] = (request.url ?? '').split('/');
    if (platform.refuses) return [409, { code: platform.refuses, detail: 'not possible' }];
    const process = processes.get(name);
    if (!process) return [404, { detail: `there is no process ${name}` }];
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text) as { operation_id: string; epoch: number };
    const known = outcomes.get(body.operation_id);
    if (!known) {
      if (body.epoch < (epochs.get(name) ?? 0)) return [409, { code: 'PLATFORM.FENCED', detail: 'outdated' }];
      epochs.set(name, body.epoch);
      const act = { process: name, verb, operationId: body.operation_id, epoch: body.epoch };
      acts.push(act);
      outcomes.set(
        body.operation_id,
        Promise.resolve(hooks.onAct(act)).then(() => {
          process.state = 'running';
          process.restarts++;
        }),
      );
    }
    await outcomes.get(body.operation_id);
    return [200, { process: describe(process) }];
  };
  const server = createServer((request, response) => {
    void route(request)
      .catch((error: unknown): [number, unknown] => [500, { detail: String(error) }])
      .then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const platform = {
    /** The code with which every act is refused; null: none is. */
    refuses: null as string | null,
    socketPath,
    token,
    folder,
    acts,
    hooks,
    has(...names: string[]) {
      for (const name of names) processes.set(name, { name, state: 'running', restarts: 0 });
    },
    /** How often the processes were listed. */
    lists: () => listed,
    get: (name: string) => processes.get(name) as FakeProcess,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return platform;
}
export type FakePlatform = Awaited<ReturnType<typeof startFakePlatform>>;
