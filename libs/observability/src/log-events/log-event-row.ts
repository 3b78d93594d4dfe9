/** pino's levels. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** What is true of every log line with one event code. */
export interface LogEventRow {
  readonly level: LogLevel;
  /** One sentence: the `message` of the line, and what docs/LOG-EVENTS.md says of it. */
  readonly meaning: string;
  /** What a person on call does about it; `none` when the system does it. */
  readonly action: string;
}
