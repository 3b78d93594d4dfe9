import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { descendantsOf, isAlive, signalAll } from './process-tree.ts';
import { Reaper } from './reaper.ts';

export interface ServerProcessOptions {
  /** Used in messages and in the name of the data folder. */
  readonly name: string;
  readonly command: (at: { port: number; directory: string }) => { file: string; args: readonly string[] };
  /** True once this line of stdout or stderr reports that the server accepts connections. */
  readonly isReady: (output: string) => boolean;
  /** Fills the empty data folder, once. */
  readonly prepare?: (directory: string) => Promise<void>;
  readonly env?: NodeJS.ProcessEnv;
  readonly owner?: { uid: number; gid: number } | undefined;
}

/**
 * A real server as a child process, with a port and a folder of its own, that a test can kill, freeze and
 * restart. Ends with the test process, even when the test process is killed.
 */
export class ServerProcess {
  #child: ChildProcess | undefined;
  #orphans: number[] = [];
  #output = '';

  readonly port: number;
  readonly directory: string;
  readonly #options: ServerProcessOptions;
  readonly #reaper: Reaper;

  private constructor(port: number, directory: string, options: ServerProcessOptions, reaper: Reaper) {
    this.port = port;
    this.directory = directory;
    this.#options = options;
    this.#reaper = reaper;
  }

  /** Starts the server and waits until it accepts connections; throws with its output when it does not. */
  static async start(options: ServerProcessOptions): Promise<ServerProcess> {
    const directory = await mkdtemp(join(tmpdir(), `gridworks-${options.name}-`));
    const reaper = new Reaper([directory]);
    try {
      await options.prepare?.(directory);
      for (let attempt = 1; ; attempt++) {
        const server = new ServerProcess(await freePort(), directory, options, reaper);
        try {
          await server.#launch();
          return server;
        } catch (error) {
          // Another process took the port first.
          if (attempt === 3) throw error;
        }
      }
    } catch (error) {
      reaper.release();
      throw error;
    }
  }

  /** Id of the running server's first process. Throws while it is stopped. */
  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.#options.name} is not running`);
    return pid;
  }

  /** The last 8 kB that the server wrote. */
  get output(): string {
    return this.#output;
  }

  /** SIGKILL to the first process. Its children end by themselves, a moment later. */
  async kill9(): Promise<void> {
    const child = this.#child;
    if (!child?.pid) return;
    this.#orphans = descendantsOf(child.pid);
    const ended = once(child, 'exit');
    process.kill(child.pid, 'SIGKILL');
    await ended;
    this.#child = undefined;
  }

  /** SIGSTOP to the whole tree: connections stay open, nothing responds. */
  freeze(): void {
    // The first process is stopped first, so that it creates no more children.
    signalAll([this.pid], 'SIGSTOP');
    signalAll(descendantsOf(this.pid), 'SIGSTOP');
  }

  thaw(): void {
    signalAll([...descendantsOf(this.pid), this.pid], 'SIGCONT');
  }

  /** Ends a running process with SIGKILL and starts again on the same port with the same data. */
  async restart(): Promise<void> {
    await this.#end();
    await this.#launch();
  }

  /** Ends the server and removes its data. */
  async stop(): Promise<void> {
    await this.#end();
    this.#reaper.release();
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  async #end(): Promise<void> {
    await this.kill9();
    signalAll(this.#orphans, 'SIGKILL');
    for (let waited = 0; this.#orphans.some(isAlive) && waited < 5000; waited += 10) await sleep(10);
    this.#orphans = [];
  }

  #launch(): Promise<void> {
    const { name, owner, env, isReady } = this.#options;
    const { file, args } = this.#options.command({ port: this.port, directory: this.directory });
    const child = spawn(file, args, { ...owner, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#output = '';
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        clearTimeout(timer);
        child.kill('SIGKILL');
        reject(new Error(`${name} did not start: ${reason}\n${this.#output}`));
      };
      const timer = setTimeout(() => fail('it was not ready within 15 s'), 15_000);
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code, signal) => {
        if (this.#child === child) this.#child = undefined;
        fail(`it ended with ${signal ?? code}`);
      });
      let ready = false;
      const read = (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-8192);
        if (ready || !isReady(this.#output)) return;
        ready = true;
        clearTimeout(timer);
        resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      // A test that forgot stop() must still be able to end; the reaper ends the server.
      child.unref();
      for (const stream of [child.stdout, child.stderr])
        (stream as unknown as { unref?: () => void }).unref?.();
      if (child.pid) this.#reaper.watch(child.pid);
    });
  }
}
