import type { TerminalOutput } from './terminal-output.ts';

/** A step failed; `message` describes the failure and `advice` what to do. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly advice: readonly string[];

  constructor(message: string, advice: readonly string[] = [], cause?: unknown) {
    super(message, { cause });
    this.advice = advice;
  }
}

/** Prints one line per step, with the time it took. Steps may overlap; each prints when it is done. */
export class Progress {
  readonly #out: TerminalOutput;
  #stopped = false;

  constructor(out: TerminalOutput) {
    this.#out = out;
  }

  /** Runs a step. Throws the error of the step, after a line that reports it. */
  async step<T>(name: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let detail = '';
    // Only a slow step prints a line at its start.
    const slow = setTimeout(() => this.#stopped || this.line('…', name, detail), 2_000);
    try {
      const result = await work((text) => {
        detail = text;
      });
      if (!this.#stopped) this.line('✓', name, detail, performance.now() - startedAt);
      return result;
    } catch (error) {
      if (!this.#stopped) this.line('✗', name, '', performance.now() - startedAt);
      throw error;
    } finally {
      clearTimeout(slow);
    }
  }

  /** The start was given up: steps that still run print nothing any more. */
  stopSteps(): void {
    this.#stopped = true;
  }

  line(sign: string, name: string, detail = '', ms?: number): void {
    const time = ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`;
    this.say(`  ${sign} ${name.padEnd(12)} ${detail.padEnd(58)} ${time.padStart(7)}`.trimEnd());
  }

  say(text: string): void {
    this.#out.write(`${text}\n`);
  }
}
