import { type DiskAct, processNameSchema } from '@gridworks/contracts';
import { z } from 'zod';

/** A process as the platform knows it. */
export const platformProcessSchema = z.object({
  name: processNameSchema,
  kind: z.enum(['service', 'server']),
  /** The service that the process is an instance of; null or its own name for servers. */
  service: z.string().nullish(),
  pid: z.number().int().nullish(),
  started_at: z.string().nullish(),
  restarts: z.number().int().default(0),
  state: z.enum(['running', 'starting', 'stopped', 'backing-off', 'crash-loop']),
  last_exit: z
    .object({ code: z.number().nullish(), signal: z.string().nullish(), at: z.string().nullish() })
    .nullish(),
});
export type PlatformProcess = z.output<typeof platformProcessSchema>;

/** A file system that the platform uses, bytes; `parts`: what takes its space, the largest first. */
export const platformDiskSchema = z.object({
  folder: z.string(),
  used_bytes: z.number(),
  total_bytes: z.number(),
  parts: z.array(z.object({ name: z.string(), bytes: z.number() })),
});
export type PlatformDisk = z.output<typeof platformDiskSchema>;

/** What an act has removed or made smaller. */
export const diskOutcomeSchema = z.object({ files: z.number().int(), freed_bytes: z.number() });
export type DiskOutcome = z.output<typeof diskOutcomeSchema>;

/** Identifies an act, so that the platform does it once and not under a stale lease. */
export interface PlatformOperation {
  /** The same id twice is one act; the second response is the first outcome. */
  readonly operationId: string;
  /** An epoch lower than the highest seen for the process is refused. */
  readonly epoch: number;
  /** For the platform's log. */
  readonly reason: string;
}

/** How long a platform may take for `ping`, in milliseconds. */
export const PING_TIMEOUT_MS = 1000;

/** Restarts, starts, stops and lists processes. All throw `PlatformError`. */
export interface Platform {
  /**
   * One poll, within a second, without self-healing: the watch must see the fault itself. Throws the error.
   */
  ping(): Promise<void>;
  list(): Promise<PlatformProcess[]>;
  /**
   * Kills the whole process tree, frozen processes too, and starts it again; resolves when it was started.
   */
  restart(process: string, operation: PlatformOperation): Promise<PlatformProcess>;
  /**
   * Starts a second process beside it, waits until that is ready, and has the first finish its work and end. Resolves with the
   * second when the first has ended. `unsupported`: this platform, or this process, cannot; nothing was done.
   */
  replace(process: string, operation: PlatformOperation): Promise<PlatformProcess>;
  start(process: string, operation: PlatformOperation): Promise<PlatformProcess>;
  stop(process: string, operation: PlatformOperation): Promise<PlatformProcess>;
  /** The disks of the platform's folders, the fullest first. `unsupported`: it does not know them. */
  disks(): Promise<PlatformDisk[]>;
  /** Makes room on them, with files of its own that nobody needs. `unsupported`: it cannot; nothing was done. */
  relieveDisks(act: DiskAct, operation: PlatformOperation): Promise<DiskOutcome>;
  scale(service: string, instances: number, operation: PlatformOperation): Promise<void>;
}

export type PlatformErrorKind =
  | 'unreachable'
  | 'refused'
  | 'fenced'
  | 'unknown-process'
  | 'unsupported'
  | 'failed';

export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  constructor(
    /** `unreachable`: no response, so the act may have happened. All others: it did not happen. */
    readonly kind: PlatformErrorKind,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
