import { type ChildProcess, spawn } from 'node:child_process';

// Reads process ids, one per line, until its standard input closes: then the test process has ended, in whatever
// way, and the processes that it left behind are ended. An empty line means that none is left to end, `keep` that
// the folders are kept, too.
const REAPER_SCRIPT = `
while read -r line; do pid=$line; done
[ "$pid" = keep ] && exit
if [ -n "$pid" ]; then
  tree=$(ps -A -o pid=,ppid= | awk -v top="$pid" '{ parent[$1] = $2 } END { for (p in parent) { q = p; for (i = 0; i < 20 && q > 1; i++) { if (q == top) { print p; break } q = parent[q] } } }')
  kill -9 $pid $tree 2>/dev/null
  sleep 0.2
fi
[ $# -eq 0 ] || rm -rf "$@"
`;

/** Ends a process tree, and removes folders, once the test process is gone, even when it was killed. */
export class Reaper {
  readonly #shell: ChildProcess;

  /** @param folders removed when the test process is gone, and on `release()` */
  constructor(folders: readonly string[] = []) {
    this.#shell = spawn('/bin/sh', ['-c', REAPER_SCRIPT, 'reaper', ...folders], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#shell.unref();
    // The test process may end before the shell has read everything.
    this.#shell.stdin?.on('error', () => undefined);
    (this.#shell.stdin as unknown as { unref?: () => void }).unref?.();
  }

  /** From now on this process and its descendants are ended with the test process, instead of the previous one. */
  watch(pid: number): void {
    this.#shell.stdin?.write(`${pid}\n`);
  }

  /** No process is left to end. The folders are removed, unless the caller removes them later. */
  release({ keepFolders = false } = {}): void {
    this.#shell.stdin?.end(keepFolders ? 'keep\n' : '\n');
  }
}

/**
 * Ends a child and all that it started with the test process, even when that is killed, and removes these folders then;
 * not when the child ends before, since another may continue with them.
 * Handlers of `exit` do not do: Jest gives specs a copy of `process` that emits nothing.
 */
export function endWithTest<T extends ChildProcess>(child: T, folders: readonly string[] = []): T {
  if (child.pid === undefined) return child;
  const reaper = new Reaper(folders);
  reaper.watch(child.pid);
  child.once('exit', () => reaper.release({ keepFolders: true }));
  return child;
}
