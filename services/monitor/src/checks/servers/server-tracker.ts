import type { ServerName } from '@gridworks/contracts';

/** The result of one check of a server. `boot` is the identity of its boot. */
export type CheckResult =
  | { readonly ok: true; readonly latencyMs: number; readonly boot: string | null }
  | { readonly ok: false; readonly latencyMs: number; readonly timedOut: boolean; readonly error: string };

/** So many checks in a row must time out before a server counts as unresponsive. */
export const TIMED_OUT_CHECKS = 2;
/**
 * A server that refuses connections is gone or starting. The platform restarts it, which may take this long.
 */
export const REFUSING_FOR_MS = 4000;
/** For this time after a server's failure, symptoms of its dependents count as a consequence of it. */
export const AFTERMATH_MS = 10_000;
const PASSES_TO_CLEAR = 2;
/** A store must fail so often in a row, and for so long, before it counts as broken. */
export const FAILED_STORES = 3;
export const NOT_STORING_AFTER_MS = 3000;

/** The state of one server. Reads no clock: every method takes the time, in epoch ms. */
export class ServerTracker {
  readonly name: ServerName;
  boot: string | null = null;
  last: CheckResult | null = null;
  lastOkAt: number | null = null;
  /** Since when every check has failed. */
  failingSince: number | null = null;
  unresponsive: { beganAt: number; evidence: Record<string, unknown> } | null = null;
  restart: { beganAt: number; previousBoot: string } | null = null;
  /** The server responds, but does not store what it is given. */
  notStoring: { beganAt: number; evidence: Record<string, unknown> } | null = null;
  #failures = 0;
  #timeouts = 0;
  #passes = 0;
  #storesFailed = 0;
  #storesPassed = 0;
  #storeFailingSince: number | null = null;
  #lastStoreAt: number | null = null;
  #illnessEndedAt = Number.NEGATIVE_INFINITY;

  constructor(name: ServerName) {
    this.name = name;
  }

  /** Applies the result of a check that ended at `now`. */
  checked(result: CheckResult, now: number): void {
    this.last = result;
    if (result.ok) this.#passed(result, now);
    else this.#failed(result, now);
  }

  /**
   * Applies the result of a store check: null, or the reason why the write failed. A server that does not
   * respond at all proves nothing about its store.
   */
  stored(error: string | null, now: number): void {
    if (error === null) {
      this.#lastStoreAt = now;
      this.#storesFailed = 0;
      this.#storeFailingSince = null;
      if (++this.#storesPassed < PASSES_TO_CLEAR || !this.notStoring) return;
      this.notStoring = null;
      this.#illnessEndedAt = now;
      return;
    }
    this.#storesPassed = 0;
    if (this.failingSince !== null || this.last === null) {
      this.#storesFailed = 0;
      this.#storeFailingSince = null;
      return;
    }
    this.#storesFailed++;
    this.#storeFailingSince ??= now;
    if (this.notStoring || this.#storesFailed < FAILED_STORES) return;
    if (now - this.#storeFailingSince < NOT_STORING_AFTER_MS) return;
    this.notStoring = {
      beganAt: this.#lastStoreAt ?? this.#storeFailingSince,
      evidence: { error, failed_writes: this.#storesFailed, boot: this.boot },
    };
  }

  /** Whether the last write failed, confirmed or not. */
  get storeSuspicious(): boolean {
    return this.notStoring !== null || this.#storeFailingSince !== null;
  }

  /** Whether more than one check in a row failed. */
  get down(): boolean {
    return this.#failures >= 2;
  }

  /**
   * Whether the server fails now, or was unhealthy until a moment ago: this may explain symptoms of its
   * dependents.
   */
  troubled(now: number): boolean {
    return this.failingSince !== null || this.unhealthy(now);
  }

  /**
   * Whether the server surely is, or was until a moment ago, unhealthy: more than one check failed, or its
   * boot changed.
   */
  unhealthy(now: number): boolean {
    return this.down || this.notStoring !== null || now - this.#illnessEndedAt < AFTERMATH_MS;
  }

  /** Whether the server responded to a check that began after this moment. */
  respondedSince(moment: number): boolean {
    return this.last?.ok === true && this.lastOkAt !== null && this.lastOkAt - this.last.latencyMs >= moment;
  }

  /** Continues from the state of an earlier monitor. */
  resume(
    boot: string | null,
    unresponsive: ServerTracker['unresponsive'],
    notStoring: ServerTracker['notStoring'] = null,
  ): void {
    this.boot = boot;
    this.notStoring = notStoring;
    this.unresponsive = unresponsive;
  }

  /**
   * Discards time in which monitor itself was held up, or by which the clock was set: failures during it
   * prove nothing.
   */
  shift(ms: number, now: number): void {
    this.#failures = 0;
    this.#timeouts = 0;
    this.#storesFailed = 0;
    if (this.#storeFailingSince !== null) this.#storeFailingSince = now;
    if (this.failingSince !== null) this.failingSince = now;
    if (this.lastOkAt !== null) this.lastOkAt = Math.min(this.lastOkAt + ms, now);
    this.#illnessEndedAt = Math.min(this.#illnessEndedAt + ms, now);
  }

  #passed(result: CheckResult & { ok: true }, now: number): void {
    if (this.#failures >= 2) this.#illnessEndedAt = now;
    const rebooted = result.boot !== null && this.boot !== null && result.boot !== this.boot;
    if (rebooted) {
      this.#illnessEndedAt = now;
      this.#passes = 0;
      // After a confirmed outage the new boot ends it, and is no second failure. An outage of the bus itself
      // could not be reported: there the new boot is the first symptom.
      if (!this.unresponsive || this.name === 'nats') {
        const beganAt = this.failingSince ?? this.lastOkAt ?? now;
        this.restart = { beganAt: this.restart?.beganAt ?? beganAt, previousBoot: this.boot! };
      }
    }
    this.boot = result.boot ?? this.boot;
    this.lastOkAt = now;
    this.failingSince = null;
    this.#failures = 0;
    this.#timeouts = 0;
    if (++this.#passes >= PASSES_TO_CLEAR) {
      this.unresponsive = null;
      this.restart = null;
    }
  }

  #failed(result: CheckResult & { ok: false }, now: number): void {
    this.#passes = 0;
    this.#failures++;
    this.#timeouts = result.timedOut ? this.#timeouts + 1 : 0;
    this.failingSince ??= now - result.latencyMs;
    const hangs = this.#timeouts >= TIMED_OUT_CHECKS;
    const refuses = this.#failures >= TIMED_OUT_CHECKS && now - this.failingSince >= REFUSING_FOR_MS;
    if (this.unresponsive || !(hangs || refuses)) return;
    this.unresponsive = {
      beganAt: this.lastOkAt ?? this.failingSince,
      evidence: {
        error: result.error,
        hangs: result.timedOut,
        failed_checks: this.#failures,
        last_answer: this.lastOkAt === null ? null : new Date(this.lastOkAt).toISOString(),
        boot: this.boot,
      },
    };
  }
}
