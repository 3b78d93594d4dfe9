import { processNameSchema } from '@gridworks/contracts';
import { z } from 'zod';

/** A process as the platform knows it. */
export const platformProcessSchema = z.object({
  name: processNameSchema,
  kind: z.enum(['service', 'server']),
  /** Service it is an instance of; null or its own name for servers. */
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

/** Which act this is, so that the platform does it once and under no stale lease. */
export interface PlatformOperation {
  /** The same id twice is one act; the second answer is the first outcome. */
  readonly operationId: string;
  /** Lower than the highest seen for the process: refused. */
  readonly epoch: number;
  /** For the platform's log. */
  readonly reason: string;
}

/** How long a platform may take for `ping`, in milliseconds. */
export const PING_TIMEOUT_MS = 1000;

/** Restarts, starts, stops and lists processes. All throw `PlatformError`. */
export interface Platform {
  /**
   * One poll, within a second, past all that heals calls: who watches must see the fault itself. Throws what went wrong.
   */
  ping(): Promise<void>;
  list(): Promise<PlatformProcess[]>;
  /** Kills the whole process tree, frozen ones too, and starts it again; answers when it was started. */
  restart(process: string, operation: PlatformOperation): Promise<PlatformProcess>;
  start(process: string, operation: PlatformOperation): Promise<PlatformProcess>;
  stop(process: string, operation: PlatformOperation): Promise<PlatformProcess>;
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
    /** `unreachable`: no answer, so it may have happened. All others: it did not happen. */
    readonly kind: PlatformErrorKind,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
