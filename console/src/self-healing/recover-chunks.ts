import { isAnyFormDirty } from './dirty-forms.ts';

const RELOADED_AT = 'gridworks.reloaded-at';
const ONCE_IN_MS = 60_000;

/** Whether a reload may mend it: not over unsaved input, and once a minute at most. */
export function mayReload(now: number, lastReload: number, isDirty: boolean): boolean {
  return !isDirty && now - lastReload >= ONCE_IN_MS;
}

/** Reloads the page when that is allowed. Returns whether it does. */
export function reloadOnce(): boolean {
  const last = Number(sessionStorage.getItem(RELOADED_AT) ?? 0);
  if (!mayReload(Date.now(), last, isAnyFormDirty())) return false;
  sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  location.reload();
  return true;
}

/**
 * A part of the console that cannot be loaded is most often one of a build that is gone. A reload brings the present one; when
 * that is not allowed the error goes to the boundary around the part, which says so.
 */
export function recoverChunks(onFailed: (error: unknown) => void): void {
  addEventListener('vite:preloadError', (event) => {
    onFailed(event.payload);
    if (reloadOnce()) event.preventDefault();
  });
}
