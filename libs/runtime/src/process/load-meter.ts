import {
  type DurationFigures,
  durationFigures,
  type RequestFigures,
  RequestMeter,
} from '@gridworks/observability';

/** Work in this process, as its source counts it. */
export interface LoadSource {
  inFlight(): number;
  /** Since the start of the process. */
  counts(): { readonly ok: number; readonly failed: number };
  /** One for each contract, where the source tells them apart. */
  meters?(): Iterable<RequestMeter>;
}

/** The work of all sources together: requests from the bus, and the gateway's HTTP requests. */
export class LoadMeter implements LoadSource {
  readonly #sources: LoadSource[] = [];
  readonly #meters: (() => Iterable<RequestMeter>)[] = [];

  add(source: LoadSource): void {
    this.#sources.push(source);
    this.addMeters(() => source.meters?.() ?? []);
  }

  /** Adds contracts whose requests another source counts already. `read` is called for each reading. */
  addMeters(read: () => Iterable<RequestMeter>): void {
    this.#meters.push(read);
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

  /**
   * Each contract of which a request was served, and the durations of all of them since the reading before. Begins a new
   * window, so the pulse alone reads it.
   */
  readContracts(): { durations: DurationFigures | null; contracts: RequestFigures[] } {
    const all = RequestMeter.buckets();
    const contracts: RequestFigures[] = [];
    for (const read of this.#meters)
      for (const meter of read()) {
        const figures = meter.read(all);
        if (figures) contracts.push(figures);
      }
    return { durations: durationFigures(all), contracts };
  }
}
