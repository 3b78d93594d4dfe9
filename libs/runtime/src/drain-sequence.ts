import type { Logger } from '@gridworks/observability';

export interface DrainStep {
  readonly name: string;
  run(): Promise<void> | void;
}

/**
 * The steps of the drain, in order: each step begins when the previous one has ended, and a failed step does
 * not prevent the others. Steps may be added until the drain begins.
 */
export class DrainSequence {
  readonly #logger: Logger;
  readonly #steps: DrainStep[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(name: string, run: () => Promise<void> | void): void {
    this.#steps.push({ name, run });
  }

  /** Resolves with true when all steps succeeded, and with false when one failed or `timeoutMs` were over. */
  async run(timeoutMs: number): Promise<boolean> {
    let current = '';
    let failed = false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeoutMs);
    });
    const all = (async () => {
      for (const step of this.#steps) {
        current = step.name;
        try {
          await step.run();
        } catch (error) {
          failed = true;
          this.#logger.log('drain.step_failed', { error, step: step.name });
        }
      }
    })();
    const outcome = await Promise.race([all, late]);
    clearTimeout(timer);
    if (outcome !== 'late') return !failed;
    this.#logger.log('drain.timed_out', { step: current, timeout_ms: timeoutMs });
    return false;
  }
}
