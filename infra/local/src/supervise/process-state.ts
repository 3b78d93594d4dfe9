export type ProcessState = 'running' | 'starting' | 'stopped' | 'backing-off' | 'crash-loop';

/** How a process ended. */
export interface LastExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** RFC 3339. */
  readonly at: string;
}
