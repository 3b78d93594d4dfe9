import type { Check } from '@gridworks/sdk';
import type { Status } from '../../ui/status-mark.tsx';

/** How often the page asks, and how old its figures may be. */
export const EVERY_MS = 5000;
export const FRESH_FOR_S = 20;
export const REFRESH = [['checks'], ['check-changes']] as const;

/** Only a check that ran and found all well is shown as good. */
export const STATES: Readonly<Record<Check['state'], { status: Status; word: string }>> = {
  failing: { status: 'fail', word: 'Failing' },
  degraded: { status: 'warn', word: 'Degraded' },
  silenced: { status: 'unknown', word: 'Silenced' },
  unknown: { status: 'unknown', word: 'Not run yet' },
  muted: { status: 'unknown', word: 'Muted' },
  disabled: { status: 'unknown', word: 'Disabled' },
  passing: { status: 'pass', word: 'Passing' },
  not_configured: { status: 'unknown', word: 'Not configured' },
};

const ORDER = Object.keys(STATES);

/** What needs a person first, what is not configured last; else in the order of the table. */
export const inOrder = (checks: readonly Check[]): readonly Check[] =>
  checks.toSorted((left, right) => ORDER.indexOf(left.state) - ORDER.indexOf(right.state));

/** `12.3 ms`, `1.25 s` */
export function formatResponse(ms: number): string {
  if (ms < 100) return `${Number(ms.toFixed(1))} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(2))} s`;
}

/** `every 5 s`, `every 2 min` */
export function formatInterval(ms: number): string {
  if (ms < 60_000) return `every ${Number((ms / 1000).toFixed(1))} s`;
  return `every ${Number((ms / 60_000).toFixed(1))} min`;
}

/** Why a check is as it is; empty when there is nothing to say. */
export function reasonOf({ state, last_run, silenced_by, runs }: Check): string {
  if (state === 'silenced') {
    return silenced_by.includes('monitor')
      ? 'monitor itself seems to be offline'
      : `because of ${silenced_by.join(', ')}`;
  }
  if (last_run?.detail) return last_run.detail;
  if (state !== 'degraded') return '';
  const failed = runs.filter(({ passed }) => !passed).length;
  return failed > 0 ? `${failed} of the last ${runs.length} runs failed` : 'slower than its threshold';
}
