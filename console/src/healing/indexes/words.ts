import type { IndexSuggestion } from '@gridworks/sdk';
import type { Status } from '../../ui/status-mark.tsx';

export const STATE_MARKS: Readonly<Record<IndexSuggestion['state'], { status: Status; word: string }>> = {
  suggested: { status: 'warn', word: 'Suggested' },
  dismissed: { status: 'unknown', word: 'Dismissed' },
  building: { status: 'unknown', word: 'Being built' },
  built: { status: 'pass', word: 'Built' },
  failed: { status: 'fail', word: 'Not built' },
  dropping: { status: 'unknown', word: 'Being dropped' },
  dropped: { status: 'unknown', word: 'Dropped' },
};

/** What a human decides, in which states, and the words of it. */
export const DECISIONS = {
  approve: {
    action: 'Build index',
    done: 'The healer builds the index',
    isOffered: ({ state }: IndexSuggestion) =>
      state === 'suggested' || state === 'dismissed' || state === 'failed' || state === 'dropped',
  },
  dismiss: {
    action: 'Dismiss',
    done: 'Dismissed: it is not suggested again',
    isOffered: ({ state }: IndexSuggestion) => state === 'suggested' || state === 'failed',
  },
  drop: {
    action: 'Drop index',
    done: 'The healer drops the index',
    isOffered: ({ result }: IndexSuggestion) => result?.unused === true,
  },
} as const;
export type Decision = keyof typeof DECISIONS;

export const EVERY_MS = 5000;
export const REFRESH = [['index-suggestions']] as const;

/** `partner_id, created_at desc` */
export const columnWords = (columns: IndexSuggestion['columns']): string =>
  columns.map(({ descending, name }) => (descending ? `${name} desc` : name)).join(', ');

/** `0.4 ms`, `86 ms`, `1.2 s` */
export function formatMean(ms: number): string {
  if (ms >= 1000) return `${Number((ms / 1000).toFixed(1))} s`;
  return ms < 10 ? `${Number(ms.toPrecision(2))} ms` : `${Math.round(ms)} ms`;
}

/** `12 kB`, `3.4 MB` */
export function formatSize(bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : ['kB', 1e3];
  return `${Number((bytes / size).toPrecision(2))} ${unit}`;
}
