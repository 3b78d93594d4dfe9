import { lastLines } from '../files/log-file.ts';
import type { ProcessState } from '../supervise/process-state.ts';
import type { SupervisedProcess } from '../supervise/supervised-process.ts';
import type { Progress } from './progress.ts';

/**
 * Reports state changes of processes in the terminal while the portal runs. Silent until `ready`, since the
 * steps report before that.
 */
export class Terminal {
  readonly #progress: Progress;
  #reporting = false;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  reportFromNowOn(): void {
    this.#reporting = true;
  }

  fallSilent(): void {
    this.#reporting = false;
  }

  changed(changed: SupervisedProcess, before: ProcessState): void {
    if (!this.#reporting) return;
    const { spec, state, lastExit, pid, log } = changed;
    const time = new Date().toLocaleTimeString('en-GB');
    if (state === 'crash-loop' && before !== 'crash-loop') {
      this.#progress.say(
        `  ✗ ${time} ${spec.name} keeps exiting (${describeExit(lastExit)}); its last lines:`,
      );
      for (const line of lastLines(log, 8)) this.#progress.say(`      ${line}`);
      this.#progress.say(`      It is tried again every 5 s at most. The whole log: ${log}`);
    } else if (state === 'backing-off') {
      this.#progress.say(`  · ${time} ${spec.name} ended (${describeExit(lastExit)}), starting it again`);
    } else if (state === 'running') {
      this.#progress.say(`  ✓ ${time} ${spec.name} runs again (pid ${pid}, ${changed.restarts} restarts)`);
    } else if (state === 'stopped') {
      this.#progress.say(`  · ${time} ${spec.name} was stopped`);
    }
  }

  /** A failure of the supervisor itself. Reported at any time. */
  trouble(text: string): void {
    this.#progress.say(`  ✗ ${new Date().toLocaleTimeString('en-GB')} ${text}`);
  }

  unresponsive({ spec }: SupervisedProcess): void {
    const time = new Date().toLocaleTimeString('en-GB');
    this.#progress.say(
      `  ✗ ${time} ${spec.name} does not respond to its liveness probe: killed, starting it again`,
    );
  }
}

function describeExit(exit: SupervisedProcess['lastExit']): string {
  if (!exit) return 'never started';
  return exit.signal ?? (exit.code === null ? 'could not be started' : `exit status ${exit.code}`);
}
