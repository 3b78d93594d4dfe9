import { Agent, request } from 'node:http';

export interface Load {
  /** Whole responses so far, by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** The number of calls that were sent and got no whole response. */
  lost(): number;
  /** Ends the load; resolves once the last call has ended. */
  stop(): Promise<void>;
}

/**
 * Makes calls over keep-alive connections, one after another on each, until the load is stopped or the server
 * is gone.
 */
export function keepCalling(port: number, bearer: string, connections: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const statuses = new Map<number, number>();
  let lost = 0;
  let stopped = false;
  const callOnce = () =>
    new Promise<boolean>((resolve) => {
      const headers = { authorization: `Bearer ${bearer}` };
      const call = request({ port, host: '127.0.0.1', path: '/v1/plans', agent, headers }, (response) => {
        response.resume();
        response.on('close', () => {
          const status = response.statusCode ?? 0;
          if (response.complete) statuses.set(status, (statuses.get(status) ?? 0) + 1);
          else lost += 1;
          resolve(response.complete);
        });
      });
      call.on('error', (error: NodeJS.ErrnoException) => {
        // Refused: the server accepts no further connection. Nothing was sent.
        if (error.code !== 'ECONNREFUSED') lost += 1;
        resolve(false);
      });
      call.end();
    });
  const workers = Array.from({ length: connections }, async () => {
    while (!stopped && (await callOnce()));
  });
  return {
    statuses,
    lost: () => lost,
    stop: async () => {
      stopped = true;
      await Promise.all(workers);
      agent.destroy();
    },
  };
}
