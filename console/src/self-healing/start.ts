import { onCaughtError } from '../ui/boundary.tsx';
import { recoverChunks } from './recover-chunks.ts';
import { registerWorker } from './register-worker.ts';
import { reportError, startReports } from './reports.ts';
import { watchBuild } from './stale-build.ts';

const AFTER_PAINT_MS = 2000;

/** Starts everything that the page does about its own failures. */
export function startSelfHealing(): void {
  startReports();
  onCaughtError((error, componentStack) => reportError(error, 'error', componentStack));
  recoverChunks((error) => reportError(error, 'chunk'));
  watchBuild();
  // Vitals and the worker wait until the page is shown.
  setTimeout(() => {
    void import('./report-vitals.ts').then(
      ({ reportVitals }) => reportVitals(),
      () => undefined,
    );
    registerWorker();
  }, AFTER_PAINT_MS);
}
