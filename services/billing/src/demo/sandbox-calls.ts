import { randomUUID } from 'node:crypto';
import {
  classify,
  fingerprint,
  HealingEnvironment,
  RetryBudget,
  withSelfHealing,
} from '@gridworks/resilience';
import type { Sandbox } from './sandbox.ts';

const CALL_LIMIT_MS = 20_000;
const ATTEMPT_MS = 250;

/**
 * The load of one sandbox: self-healing metering calls, and their outcomes. The self-healing environment is
 * separate: it reports no errors, so that a demo makes no incident, and its retries use no shared budget.
 */
export class SandboxCalls {
  made = 0;
  responded = 0;
  lost = 0;
  #attempts = 0;
  readonly #meter: (id: string, signal?: AbortSignal) => Promise<number>;

  constructor(sandbox: Sandbox) {
    const environment = new HealingEnvironment({
      classify,
      fingerprint,
      budget: new RetryBudget({ ratio: 1, reserve: 1_000 }),
    });
    this.#meter = withSelfHealing(
      (id: string, signal?: AbortSignal): Promise<number> => {
        this.#attempts++;
        return sandbox.meter(id, signal ?? AbortSignal.timeout(ATTEMPT_MS));
      },
      {
        source: 'demo.billing',
        category: 'api',
        dependencyName: 'demo.billing',
        idempotent: true,
        attemptMs: ATTEMPT_MS,
        deadlineMs: CALL_LIMIT_MS,
        signal: 1,
        retry: { attempts: 60, baseMs: 50, capMs: 500 },
        bulkhead: { limit: 250, queue: 0 },
        // A breaker would refuse the very calls whose retries the demo shows.
        breaker: false,
        environment,
      },
    );
  }

  get repeated(): number {
    return this.#attempts - this.made;
  }
  get open(): number {
    return this.made - this.responded - this.lost;
  }

  /** Makes one call and counts its outcome. */
  make(): void {
    this.made++;
    this.#meter(randomUUID()).then(
      () => {
        this.responded++;
      },
      () => {
        this.lost++;
      },
    );
  }
}
