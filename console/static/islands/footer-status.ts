import { overallSentence, type PublicSummary, readSummary, STALE_AFTER_MS } from '../status/public-status.ts';
import { byData } from './dom.ts';
import { request } from './request.ts';

/** Replaces a state that is too old by unknown. */
export function fresh<T extends PublicSummary>(status: T, now = Date.now()): T {
  const { observedAt } = status;
  const isStale = observedAt !== null && now - Date.parse(observedAt) > STALE_AFTER_MS;
  return isStale ? { ...status, state: 'unknown' } : status;
}

/** The public status, as `read` takes it from the response; null when the request failed. */
export const fetchStatus = <T extends PublicSummary = PublicSummary>(
  read: (response: unknown) => T = readSummary as (response: unknown) => T,
): Promise<T | null> =>
  request('/v1/public/status').then(
    (json) => fresh(read(json)),
    () => null,
  );

/** Shows the state in the footer of every page. */
export function showInFooter(status: PublicSummary | null): void {
  const mark = byData('footer-status');
  const word = mark?.querySelector('.word');
  if (!mark || !word) return;
  mark.dataset.state = status?.state ?? 'unknown';
  word.textContent = status ? overallSentence(status.state) : 'Status: no data';
}
