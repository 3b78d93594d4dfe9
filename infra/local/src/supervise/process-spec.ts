/** What to run. Made anew for each start, so that it may look at the world first. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Another user and group to run as; only root may set them. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Everything the supervisor knows about one process: data, so that tests can put other processes in. */
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
  /** Asked every 5 s, like a kubelet's liveness probe; without it only an exit is noticed. */
  readonly liveUrl?: string;
  /** Nobody but the supervisor would notice that it hangs: it is asked every second. */
  readonly unguarded?: true;
  /** It does not come back by itself from a full disk: it is restarted when there is room again. */
  readonly stuckByFullDisk?: true;
  /** How to ask for a clean end. */
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
