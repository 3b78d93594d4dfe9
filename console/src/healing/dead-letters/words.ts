import type { DeadLetter } from '@gridworks/sdk';
import type { Status } from '../../ui/status-mark.tsx';

export const STATE_MARKS: Readonly<Record<DeadLetter['state'], { status: Status; word: string }>> = {
  waiting: { status: 'warn', word: 'Waiting' },
  replaying: { status: 'unknown', word: 'Being replayed' },
  replayed: { status: 'pass', word: 'Processed' },
  discarded: { status: 'unknown', word: 'Discarded' },
};

/** How often the pages of dead letters are read again: no event tells of a change. */
export const EVERY_MS = 5000;
export const FRESH_FOR_S = 30;

/** What is out of date after a decision. */
export const REFRESH = [['dead-letters'], ['dead-letter'], ['dead-letter-counts'], ['overview']] as const;
