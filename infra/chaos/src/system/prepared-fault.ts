/** A fault that is ready to be injected. */
export interface PreparedFault {
  /** Resolves with a description of it. */
  readonly inject: () => Promise<string>;
  /** Ends what is left of it. */
  readonly close: () => Promise<void>;
  /** Whether a fault that ends by itself is over. */
  readonly isOver?: () => boolean;
  /** What this experiment promises beyond what every experiment does, and did not keep. */
  readonly problems?: () => string[];
  /** Further lines of the report, for people. */
  readonly notes?: () => string[];
}
