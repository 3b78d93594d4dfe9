import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { PromptLedger } from './prompt-ledger.ts';

const RETRY_MS = 5_000;
/** When more wait, the oldest waits in the bucket alone, for the next start. */
const MAX_HELD = 200;

/**
 * Holds verdicts until PostgreSQL can store them. Each is also in the bucket, beside its prompt, so that it
 * is not lost with this process; any healer may store it, once.
 */
export class VerdictStore {
  readonly #held = new Map<string, Verdict>();
  readonly #stopping = new AbortController();
  #storing: Promise<void> | null = null;

  constructor(
    private readonly store: (verdict: Verdict) => Promise<void>,
    private readonly ledger: PromptLedger,
    private readonly logger: Pick<Logger, 'log'>,
    private readonly retryMs: number = RETRY_MS,
  ) {}

  /** Stores a verdict in the background, however long that takes. */
  keep(verdict: Verdict): void {
    this.#held.set(verdict.id, verdict);
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_HELD && oldest !== undefined) this.#held.delete(oldest);
    this.#storing ??= this.#storeAll().finally(() => (this.#storing = null));
  }

  /** Takes over the verdicts that an earlier healer could not store. */
  async adopt(): Promise<void> {
    for (const verdict of await this.ledger.unstored()) this.keep(verdict);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#storing;
  }

  async #storeAll(): Promise<void> {
    let warned = false;
    for (let [next] = this.#held; next !== undefined; [next] = this.#held) {
      const [id, verdict] = next;
      try {
        await this.store(verdict);
        this.#held.delete(id);
        await this.ledger.markStored(verdict.fingerprint).catch(() => undefined);
      } catch (error) {
        if (!warned) this.logger.log('verdict.store_failed', { error, verdict: id });
        warned = true;
        const options = { signal: this.#stopping.signal, ref: false };
        if (await sleep(this.retryMs, false, options).catch(() => true)) return;
      }
      if (this.#stopping.signal.aborted) return;
    }
  }
}
