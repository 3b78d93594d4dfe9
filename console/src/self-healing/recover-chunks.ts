import { isAnyFormDirty } from './dirty-forms.ts';

const RELOADED_AT = 'gridworks.reloaded-at';
const ONCE_IN_MS = 60_000;

/** What `mayReload` decides by; `now` and `lastReload` in ms. */
export interface ReloadState {
  readonly now: number;
  readonly lastReload: number;
  readonly isDirty: boolean;
  readonly isOnline: boolean;
}

/** Whether a reload is allowed: with a network, not over unsaved input, and at most once a minute. */
export function mayReload({ now, lastReload, isDirty, isOnline }: ReloadState): boolean {
  return isOnline && !isDirty && now - lastReload >= ONCE_IN_MS;
}

/** Reloads the page when a reload is allowed. Returns whether it reloads. */
export function reloadOnce(): boolean {
  const now = Date.now();
  const lastReload = Number(sessionStorage.getItem(RELOADED_AT) ?? 0);
  if (!mayReload({ now, lastReload, isDirty: isAnyFormDirty(), isOnline: navigator.onLine })) return false;
  sessionStorage.setItem(RELOADED_AT, String(now));
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
