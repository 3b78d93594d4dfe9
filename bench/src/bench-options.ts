/** The options of each suite. */
export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  /** Of `billing`: how many partners and calls a month has. */
  readonly partners?: number;
  readonly events?: number;
  /** A progress line, to standard error. */
  readonly say: (line: string) => void;
}
