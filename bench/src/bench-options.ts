/** The options of each suite. */
export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  /** A progress line, to standard error. */
  readonly say: (line: string) => void;
}
