/** Work in this process, as its source counts it. */
export interface LoadSource {
  inFlight(): number;
  /** Since the start of the process. */
  counts(): { readonly ok: number; readonly failed: number };
}

/** The work of all sources together: requests from the bus, and the gateway's HTTP requests. */
export class LoadMeter implements LoadSource {
  readonly #sources: LoadSource[] = [];

  add(source: LoadSource): void {
    this.#sources.push(source);
  }

  inFlight(): number {
    return this.#sources.reduce((sum, source) => sum + source.inFlight(), 0);
  }

  counts(): { ok: number; failed: number } {
    const all = this.#sources.map((source) => source.counts());
    return {
      ok: all.reduce((sum, { ok }) => sum + ok, 0),
      failed: all.reduce((sum, { failed }) => sum + failed, 0),
    };
  }
}
