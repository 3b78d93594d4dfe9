import type { getSystemHealth, OutputOf, Principal } from '@gridworks/contracts';

type Health = OutputOf<typeof getSystemHealth>;

export interface HealthSamplerOptions {
  /** Reads the health on behalf of an admin with an open stream. */
  readonly read: (principal: Principal) => Promise<Health>;
  /** The admin of an open stream; null when there is none, and then nothing is read. */
  readonly watcher: () => Principal | null;
  /** Called with the health when one of its statuses differs from the last call. */
  readonly onChange: (health: Health) => void;
  readonly everyMs?: number;
}

const EVERY_MS = 1000;

/** Reads the health once a second while a stream is open, and reports changes. */
export class HealthSampler {
  readonly #options: HealthSamplerOptions;
  #timer: NodeJS.Timeout | undefined;
  #last = '';
  #stopped = false;

  constructor(options: HealthSamplerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setTimeout(() => void this.#sample(), this.#options.everyMs ?? EVERY_MS).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** While the health cannot be read nothing is reported: a client that shows the last health sees its age. */
  async #sample(): Promise<void> {
    const watcher = this.#options.watcher();
    if (watcher) {
      const health = await this.#options.read(watcher).catch(() => null);
      const statuses = health && statusesOf(health);
      if (health && statuses !== this.#last) {
        this.#last = statuses ?? '';
        this.#options.onChange(health);
      }
    } else this.#last = '';
    if (!this.#stopped) this.start();
  }
}

/** Every status of the document in its order, without the numbers and times, which always differ. */
function statusesOf(health: Health): string {
  const statuses: unknown[] = [];
  JSON.stringify(health, (key, value: unknown) => {
    if (key === 'status') statuses.push(value);
    return value;
  });
  return JSON.stringify(statuses);
}
