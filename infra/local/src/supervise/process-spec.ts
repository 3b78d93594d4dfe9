/**
 * The command of a process. Created for each start, so that it may depend on the current state of the system.
 */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Another user and group to run as; only root may set them. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Everything that the supervisor knows about one process: data, so that tests can use other processes. */
export interface ProcessSpec {
  /** `billing`, `billing-2`, `postgres`: unique, and the name in logs and `state.json`. */
  readonly name: string;
  readonly kind: 'service' | 'server';
  /** The service that this is an instance of; null for a server. */
  readonly service: string | null;
  readonly ports: readonly number[];
  /** Runs before each start: clears away what a killed predecessor left. */
  readonly prepare?: () => Promise<void>;
  readonly command: () => Command;
  /** Resolves when the process can do its work; rejects or is aborted (1 s) when it cannot yet. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  /** Probed every 5 s, like a kubelet's liveness probe; without it only an exit is noticed. */
  readonly liveUrl?: string;
  /** Only the supervisor would notice that it hangs: it is probed every second. */
  readonly unguarded?: true;
  /** The process does not recover when the disk of this folder was full: it is restarted when there is free space again. */
  readonly stuckByFullDisk?: string;
  /** The signal that requests a clean end. */
  readonly stopSignal: NodeJS.Signals;
  readonly stopTimeoutMs: number;
  /**
   * Finds children that outlived their parent, hid their environment and left its group; they are killed before the
   * next start.
   */
  readonly strays?: () => number[];
  /** Processes of one rank end together; higher ranks end first. */
  readonly stopRank: number;
}
