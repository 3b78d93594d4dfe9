import { ServerProcess } from './server-process.ts';

export interface RedisServer {
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  kill9(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Restarts on the same port, empty unless it was started with `appendOnly`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a real `redis-server` from PATH on a free port. Without `appendOnly` it loses all data when it ends.
 */
export async function startRedis(options: { appendOnly?: boolean } = {}): Promise<RedisServer> {
  const server = await ServerProcess.start({
    name: 'redis',
    command: ({ port, directory }) => ({
      file: 'redis-server',
      args: [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', ''],
        ...['--appendonly', options.appendOnly ? 'yes' : 'no'],
      ],
    }),
    isReady: (output) => output.includes('Ready to accept connections'),
  });
  return {
    url: `redis://127.0.0.1:${server.port}`,
    port: server.port,
    get pid() {
      return server.pid;
    },
    kill9: () => server.kill9(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    restart: () => server.restart(),
    stop: () => server.stop(),
  };
}
