import pg from 'pg';

/** Sessions of PostgreSQL that nobody uses with care, under the role of a service. */
export interface StraySessions {
  /** Begins the fault. Resolves, with a description, when it is there. */
  begin(): Promise<string>;
  close(): Promise<void>;
}

/** How many wait behind the one that holds the table. The service's own sessions come to that. */
const WAITERS = 6;

/**
 * One session that holds a lock on the table of tickets in a statement without end, and others that wait for it. `url`: of the role support.
 * Throws what PostgreSQL throws.
 */
export async function prepareLockPileUp(url: string): Promise<StraySessions> {
  const clients = await connectAll(url, 'chaos:lock-pile-up', WAITERS + 1);
  const [holder, ...waiters] = clients as [pg.Client, ...pg.Client[]];
  return {
    begin: async () => {
      await holder.query('begin; lock table tickets in access exclusive mode');
      forget(holder.query('select pg_sleep(3600)'));
      for (const waiter of waiters) forget(waiter.query('select count(*) from tickets'));
      return `a session of support holds the table of tickets, and ${WAITERS} others wait for it`;
    },
    close: () => closeAll(clients),
  };
}

/** One session with a statement without end. `url`: of the role support. Throws what PostgreSQL throws. */
export async function prepareSlowQuery(url: string): Promise<StraySessions> {
  const clients = await connectAll(url, 'chaos:slow-query', 1);
  return {
    begin: async () => {
      forget(clients[0]!.query('select pg_sleep(3600)'));
      return 'a session of support runs a statement without end';
    },
    close: () => closeAll(clients),
  };
}

async function connectAll(url: string, name: string, count: number): Promise<pg.Client[]> {
  const clients: pg.Client[] = [];
  try {
    for (let index = 0; index < count; index++) {
      const client = new pg.Client({
        connectionString: url,
        application_name: name,
        connectionTimeoutMillis: 3000,
        // Without it the server would run a statement to its end although this process has gone.
        options: '-c client_connection_check_interval=500',
      });
      client.on('error', () => undefined);
      clients.push(client);
      await client.connect();
    }
    return clients;
  } catch (error) {
    await closeAll(clients);
    throw error;
  }
}

const closeAll = async (clients: readonly pg.Client[]): Promise<void> => {
  await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
};

/** The statement is meant to be cancelled. */
const forget = (query: Promise<unknown>): void => void query.catch(() => undefined);
