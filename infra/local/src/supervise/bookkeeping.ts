/**
 * Work that only records: a log, a state file. Its failure (a full disk) must not stop the recorded work, so
 * it is reported and never thrown.
 */
export class Bookkeeping {
  readonly #report: (text: string) => void;
  readonly #failing = new Set<string>();

  /** `report` is called once when a kind of record begins to fail, and once when it works again. */
  constructor(report: (text: string) => void = () => {}) {
    this.#report = report;
  }

  /** Does the work now. Returns whether it succeeded. `what` is its name in reports: `the state file`. */
  attempt(what: string, work: () => void): boolean {
    try {
      work();
    } catch (error) {
      return this.#failed(what, error);
    }
    return this.#succeeded(what);
  }

  /** The same for work that takes time. Never rejects. */
  async attemptLater(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
    } catch (error) {
      return this.#failed(what, error);
    }
    return this.#succeeded(what);
  }

  #failed(what: string, error: unknown): false {
    if (!this.#failing.has(what)) {
      this.#failing.add(what);
      this.#report(`${what} could not be written: ${(error as Error).message ?? error}`);
    }
    return false;
  }

  #succeeded(what: string): true {
    if (this.#failing.delete(what)) this.#report(`${what} is written again`);
    return true;
  }
}
