import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithTest, eventually, startPostgres } from '@gridworks/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { descendantsOf, isRunning, sendSignal } from '../../local/src/supervise/process-tree.ts';
import type { ProcessEntry } from '../../local/src/supervise/state-file.ts';
import { experimentNamed } from '../src/experiments/experiments.ts';
import { Freezer, isStopped } from '../src/experiments/freeze-tree.ts';
import { cutConnections, prepareInjection } from '../src/experiments/inject-fault.ts';

const children: ChildProcess[] = [];
const freezer = new Freezer();
const NOWHERE = { superuser: '', support: '' };

/** A process with a child, and a grandchild in a session of its own, as PostgreSQL's are. */
async function startTree(): Promise<{ pid: number; all: number[] }> {
  const child = endWithTest(
    spawn('sh', ['-c', 'setsid sleep 600 & sh -c "sleep 600; true" & wait'], { stdio: 'ignore' }),
  );
  children.push(child);
  const pid = child.pid!;
  await eventually(() => expect(descendantsOf(pid).length).toBeGreaterThanOrEqual(3));
  return { pid, all: [pid, ...descendantsOf(pid)] };
}

const entry = (pid: number): ProcessEntry => ({
  name: 'billing',
  kind: 'service',
  pid,
  ports: [],
  started_at: null,
  restarts: 0,
});

afterEach(async () => {
  freezer.thaw();
  for (const child of children.splice(0)) {
    const all = [child.pid!, ...descendantsOf(child.pid!)];
    const ended = child.exitCode ?? child.signalCode ?? once(child, 'exit');
    for (const pid of all) sendSignal(pid, 'SIGKILL');
    await ended;
  }
});

describe('injecting a fault', () => {
  it('stops a whole tree, children in sessions of their own too, and makes it go on', async () => {
    const { pid, all } = await startTree();
    const { inject } = await prepareInjection(
      experimentNamed('service-freeze'),
      entry(pid),
      freezer,
      NOWHERE,
    );
    expect(await inject()).toContain(`SIGSTOP to billing (${pid})`);
    await eventually(() => expect(all.map(isStopped)).toEqual(all.map(() => true)));
    expect(freezer.holds(pid)).toBe(true);
    expect(freezer.thaw()).toBe(all.length);
    await eventually(() => expect(all.map(isStopped)).toEqual(all.map(() => false)));
    expect(freezer.holds(pid)).toBe(false);
  });

  it('does not touch in the end what others have ended or woken meanwhile', async () => {
    const { pid, all } = await startTree();
    freezer.freeze(pid);
    await eventually(() => expect(all.every(isStopped)).toBe(true));
    for (const one of all) sendSignal(one, 'SIGCONT');
    await eventually(() => expect(all.some(isStopped)).toBe(false));
    expect(freezer.thaw()).toBe(0);
  });

  it('kills one process, and says so when it had ended before', async () => {
    const { pid } = await startTree();
    const { inject } = await prepareInjection(experimentNamed('service-kill'), entry(pid), freezer, NOWHERE);
    await inject();
    await eventually(() => expect(isRunning(pid)).toBe(false));
    await expect(inject()).rejects.toThrow('had ended before it could be killed');
  });

  it.each([
    ['lock-pile-up', 6, 'Lock'],
    ['slow-query', 0, 'Lock'],
  ])('runs %s with sessions of the role, of which %d wait, and leaves none', async (name, waiting, event) => {
    const server = await startPostgres();
    try {
      const support = await server.createServiceDatabase('support');
      await server.query('create table tickets (id int)', [], support);
      const urls = { superuser: server.adminUrl, support };
      const { inject, close } = await prepareInjection(experimentNamed(name), entry(1), freezer, urls);
      const sessions = () =>
        server.query<{ state: string; wait_event_type: string }>(
          'select state, wait_event_type from pg_stat_activity where application_name = $1',
          [`chaos:${name}`],
        );
      expect(await inject()).toContain('session of support');
      await eventually(async () => {
        const found = await sessions();
        expect(found.every(({ state }) => state === 'active')).toBe(true);
        expect(found.filter(({ wait_event_type }) => wait_event_type === event)).toHaveLength(waiting);
        expect(found).toHaveLength(waiting + 1);
      });
      await close();
      await eventually(async () => expect(await sessions()).toEqual([]));
    } finally {
      await server.stop();
    }
  });

  it('ends every connection of one role, and of no other', async () => {
    const server = await startPostgres();
    const ended = new Set<string>();
    const open = async (role: string): Promise<pg.Client> => {
      const client = new pg.Client({ connectionString: await server.createServiceDatabase(role) });
      client.on('error', () => ended.add(role));
      await client.connect();
      return client;
    };
    const clients = [await open('billing'), await open('support')];
    const admin = new pg.Client({ connectionString: server.adminUrl });
    await admin.connect();
    try {
      expect(await cutConnections(admin, 'billing')).toBe(1);
      await eventually(() => expect([...ended]).toEqual(['billing']));
      expect((await clients[1]!.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    } finally {
      await Promise.all([...clients, admin].map((client) => client.end().catch(() => undefined)));
      await server.stop();
    }
  });
});
