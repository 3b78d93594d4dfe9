import { get } from 'node:http';

export interface LivenessOptions {
  /** The time between two rounds, ms. */
  readonly everyMs: number;
  /** The time limit for one response, ms. */
  readonly timeoutMs: number;
  /** Failures in a row until the process counts as dead. */
  readonly failures: number;
}

/** The timing of a kubelet, and slower than the healer, which records what it does. */
export const LIVENESS_OPTIONS: LivenessOptions = { everyMs: 5_000, timeoutMs: 1_000, failures: 3 };
/** For a process that no healer watches: the healer itself. Dead after about three seconds of silence. */
export const UNGUARDED_LIVENESS_OPTIONS: LivenessOptions = { everyMs: 900, timeoutMs: 850, failures: 3 };

/** The target of a probe: its name, and the URL that responds 200 while the process lives. */
export interface LivenessTarget {
  readonly name: string;
  readonly url: string;
  /** A new pid under the same name starts from zero. */
  readonly pid: number;
}

/** Probes every process, and names those that did not respond several times in a row. */
export class Liveness {
  readonly #options: LivenessOptions;
  readonly #targets: () => readonly LivenessTarget[];
  readonly #onDead: (name: string) => void;
  #failures = new Map<string, { pid: number; count: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    targets: () => readonly LivenessTarget[],
    onDead: (name: string) => void,
    options: LivenessOptions = LIVENESS_OPTIONS,
  ) {
    this.#targets = targets;
    this.#onDead = onDead;
    this.#options = options;
  }

  start(): void {
    let due = Date.now() + this.#options.everyMs;
    this.#timer = setInterval(() => {
      const late = Date.now() - due;
      due = Date.now() + this.#options.everyMs;
      // The machine slept, or this process did: then the silence of others is no evidence.
      if (late > this.#options.timeoutMs) this.#failures.clear();
      else void this.round();
    }, this.#options.everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One round over all targets at once. */
  async round(): Promise<void> {
    const targets = this.#targets();
    const responses = await Promise.all(targets.map(({ url }) => respondsOk(url, this.#options.timeoutMs)));
    const next = new Map<string, { pid: number; count: number }>();
    for (const [index, { name, pid }] of targets.entries()) {
      if (responses[index]) continue;
      const before = this.#failures.get(name);
      const count = before?.pid === pid ? before.count + 1 : 1;
      if (count >= this.#options.failures) this.#onDead(name);
      else next.set(name, { pid, count });
    }
    this.#failures = next;
  }
}

/**
 * Whether a GET responds 200 in time. One connection per probe: a connection that stays open may hide a dead
 * accept loop.
 */
export function respondsOk(url: string, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const request = get(
      url,
      { agent: false, signal: signal ? AbortSignal.any([limit, signal]) : limit },
      (reply) => {
        reply.resume();
        resolve(reply.statusCode === 200);
      },
    );
    request.on('error', () => resolve(false));
  });
}
