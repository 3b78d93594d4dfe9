import { isAnyFormDirty } from './dirty-forms.ts';

const RELOADED_AT = 'gridworks.reloaded-at';
const ONCE_IN_MS = 60_000;

/** Whether a reload is allowed: not over unsaved input, and at most once a minute. */
export function mayReload(now: number, lastReload: number, isDirty: boolean): boolean {
  return !isDirty && now - lastReload >= ONCE_IN_MS;
}

/** Reloads the page when a reload is allowed. Returns whether it reloads. */
export function reloadOnce(): boolean {
  const last = Number(sessionStorage.getItem(RELOADED_AT) ?? 0);
  if (!mayReload(Date.now(), last, isAnyFormDirty())) return false;
  sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  location.reload();
  return true;
}

/**
 * A part of the console that cannot be loaded most often belongs to a stale build. A reload loads the present
 * build. When a reload is not allowed, the boundary around the part shows the error.
 */
export function recoverChunks(onFailed: (error: unknown) => void): void {
  addEventListener('vite:preloadError', (event) => {
    onFailed(event.payload);
    if (reloadOnce()) event.preventDefault();
  });
}
