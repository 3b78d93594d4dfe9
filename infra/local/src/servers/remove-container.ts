import { execFile } from 'node:child_process';
import { containerName, type ServerContext } from './server-context.ts';

/** Removes a container that outlived its client; does nothing for a program or when there is none. */
export function removeContainer({ source, layout }: ServerContext, server: string): Promise<void> {
  if (source.kind !== 'docker') return Promise.resolve();
  return new Promise((resolve) => {
    execFile(source.docker, ['rm', '--force', containerName(layout, server)], { timeout: 20_000 }, () =>
      resolve(),
    );
  });
}
