import { overallSentence, type PublicStatus, readStatus, STALE_AFTER_MS } from '../status/public-status.ts';
import { byData } from './dom.ts';
import { request } from './request.ts';

/** Replaces a state that is too old by unknown. */
export function fresh(status: PublicStatus, now = Date.now()): PublicStatus {
  const { observedAt } = status;
  const isStale = observedAt !== null && now - Date.parse(observedAt) > STALE_AFTER_MS;
  return isStale ? { ...status, state: 'unknown' } : status;
}

/** The public status; null when the request failed. */
export const fetchStatus = (): Promise<PublicStatus | null> =>
  request('/v1/public/status').then(
    (json) => fresh(readStatus(json)),
    () => null,
  );

/** Shows the state in the footer of every page. */
export function showInFooter(status: PublicStatus | null): void {
  const mark = byData('footer-status');
  const word = mark?.querySelector('.word');
  if (!mark || !word) return;
  mark.dataset.state = status?.state ?? 'unknown';
  word.textContent = status ? overallSentence(status.state) : 'Status: no data';
}
