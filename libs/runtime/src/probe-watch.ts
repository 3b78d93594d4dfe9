import type { DependencyProbe } from '@gridworks/observability';

export type DependencyStatus = 'up' | 'down' | 'unknown';

/** A probe that takes longer counts as away. */
export const PROBE_TIMEOUT_MS = 800;
// When the timer itself is this late, this process was held up: the state of the dependency is unknown.
const OWN_DELAY_MS = 400;

/** Checks one dependency repeatedly, one check at a time, and remembers the last result. */
export class ProbeWatch {
  readonly probe: DependencyProbe;
  status: DependencyStatus = 'unknown';
  /** The reason why it is down. */
  detail: string | null = null;
  /** The duration of the last successful check, milliseconds. */
  latencyMs: number | null = null;
  checkedAt: Date | null = null;
  readonly #timeoutMs: number;
  readonly #onResponse: (name: string) => void;
  #probing = false;

  /** @param onResponse called with the probe's name after each successful check */
  constructor(
    probe: DependencyProbe,
    timeoutMs: number = PROBE_TIMEOUT_MS,
    onResponse: (name: string) => void = () => undefined,
  ) {
    this.probe = probe;
    this.#timeoutMs = timeoutMs;
    this.#onResponse = onResponse;
  }

  /**
   * Checks once, unless the last check still hangs. Never throws. Resolves after the timeout at the latest.
   */
  async check(): Promise<void> {
    if (this.#probing) return;
    this.#probing = true;
    const started = performance.now();
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), this.#timeoutMs);
    });
    const result = this.#runProbe(abort.signal);
    // A probe that ignores the signal is not called again before it has ended.
    result.finally(() => {
      this.#probing = false;
    });
    const outcome = await Promise.race([result, late]);
    clearTimeout(timer);
    const tookMs = performance.now() - started;
    if (outcome === 'late') {
      abort.abort();
      if (tookMs > this.#timeoutMs + OWN_DELAY_MS) return;
      this.#settle('down', `no response within ${this.#timeoutMs} ms`);
    } else if (outcome === null) {
      this.latencyMs = Math.round(tookMs * 10) / 10;
      this.#settle('up', null);
      this.#onResponse(this.probe.name);
    } else {
      this.#settle('down', outcome);
    }
  }

  async #runProbe(signal: AbortSignal): Promise<string | null> {
    try {
      await this.probe.check(signal);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #settle(status: DependencyStatus, detail: string | null): void {
    this.status = status;
    this.detail = detail;
    this.checkedAt = new Date();
  }
}
