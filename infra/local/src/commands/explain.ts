import { type Layout, shortPath } from '../files/layout.ts';
import { SettingsError } from '../settings/settings.ts';
import { AlreadyRunningError } from '../supervise/lock.ts';
import { type Progress, StepError } from '../terminal/progress.ts';

/** Prints an error and the advice for it. `layout`: of the portal in question, where it is known. */
export function explain(error: unknown, progress: Progress, layout?: Layout): void {
  if (error instanceof StepError) {
    progress.say(`\n  ✗ ${error.message}`);
    for (const line of error.advice) progress.say(`    ${line}`);
  } else if (error instanceof SettingsError) {
    progress.say(`  ✗ ${error.message}`);
  } else if (error instanceof AlreadyRunningError) {
    const { pid, started_at, url } = error.holder;
    progress.say(
      `  ✗ The portal of this clone runs already: ${url ?? 'it is starting'} (supervisor pid ${pid}, since ${started_at}).`,
    );
    const where = layout ? `Its processes are in ${shortPath(layout, layout.state)}. ` : '';
    progress.say(`    ${where}To end it: kill ${pid}`);
  } else {
    progress.say(`\n  ✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
