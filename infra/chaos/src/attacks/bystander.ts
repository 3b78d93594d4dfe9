import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 5000;
const PAUSE_MS = 50;
/**
 * Another address than the attacker's: a limit on the attacker's own address must not affect other partners.
 */
const BYSTANDER_ADDRESS = '127.0.0.2';

/** What a bystander observed: how often each outcome came, and how long it took. */
export interface Seen {
  readonly outcomes: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

/** A partner who calls `GET /v1/plans` one call after another, each on a connection of its own. */
export class Bystander {
  readonly #host: string;
  readonly #port: number;
  readonly #key: string;

  constructor(host: string, port: number, key: string) {
    this.#host = host;
    this.#port = port;
    this.#key = key;
  }

  /** Calls until `attack` has ended, and at least `least` times. Rejects when the attack does. */
  async watch<T>(attack: Promise<T>, least = 20): Promise<{ seen: Seen; result: T }> {
    const over = { yes: false };
    const done = attack.finally(() => {
      over.yes = true;
    });
    done.catch(() => undefined);
    const seen = await this.#callWhile(() => !over.yes, least);
    return { seen, result: await done };
  }

  /** Makes `count` calls. */
  calls(count: number): Promise<Seen> {
    return this.#callWhile(() => false, count);
  }

  async #callWhile(goOn: () => boolean, least: number): Promise<Seen> {
    const outcomes: Record<string, number> = {};
    const times: number[] = [];
    while (goOn() || times.length < least) {
      const startedAt = performance.now();
      const outcome = await this.#call();
      times.push(performance.now() - startedAt);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      await sleep(PAUSE_MS);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => Math.round(times[Math.floor((times.length - 1) * share)]!);
    return { outcomes, p50: at(0.5), p95: at(0.95) };
  }

  #call(): Promise<string> {
    return new Promise((resolve) => {
      const outgoing = request(
        {
          host: this.#host,
          port: this.#port,
          path: '/v1/plans',
          agent: false,
          localAddress: BYSTANDER_ADDRESS,
          timeout: TIMEOUT_MS,
          headers: { authorization: `Bearer ${this.#key}` },
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve(String(response.statusCode)));
          response.on('error', () => resolve('cut'));
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error(), { code: 'timeout' })));
      outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      outgoing.end();
    });
  }
}

/** The calls that the bystander lost, in words; empty when every call returned 200. */
export function bystanderProblems({ outcomes }: Seen): string[] {
  return Object.entries(outcomes)
    .filter(([outcome]) => outcome !== '200')
    .map(([outcome, count]) => `${count} calls of a bystander ended with ${outcome}`);
}

/** The bystander's figures for a result. */
export function bystanderFacts({ outcomes, p50, p95 }: Seen): Record<string, string | number> {
  const calls = Object.entries(outcomes).map(([outcome, count]) => `${count} x ${outcome}`);
  return { bystander: calls.join(', '), 'bystander p50 ms': p50, 'bystander p95 ms': p95 };
}
