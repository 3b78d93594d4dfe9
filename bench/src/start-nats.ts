import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Started, start } from './processes.ts';

const folders = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
];

/** A NATS server for the bench only, with JetStream, without users, on a free port. */
export async function startNats(): Promise<Started> {
  const program =
    process.env.NATS_SERVER_BIN ??
    folders
      .map((folder) => join(folder, 'nats-server'))
      .find((file) => {
        try {
          accessSync(file, constants.X_OK);
          return true;
        } catch {
          return false;
        }
      });
  if (!program)
    throw new Error('BENCH.NO_NATS: nats-server is not on PATH; `npm test` or `npm start` installs it');
  const store = await mkdtemp(join(tmpdir(), 'gridworks-bench-nats-'));
  const nats = await start(program, ['-a', '127.0.0.1', '-p', '-1', '-js', '-sd', store], {
    ready: /Listening for client connections on 127\.0\.0\.1:(\d+)/,
  });
  return {
    ...nats,
    async stop() {
      await nats.stop();
      await rm(store, { recursive: true, force: true });
    },
  };
}
