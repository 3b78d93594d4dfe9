import type { Subscription } from '@gridworks/sdk';
import type { Status } from '../ui/status-mark.tsx';

export const SUBSCRIPTION_STATUSES: Readonly<
  Record<Subscription['status'], { readonly word: string; readonly status: Status }>
> = {
  trialing: { word: 'Trial', status: 'pass' },
  active: { word: 'Active', status: 'pass' },
  past_due: { word: 'Payment overdue', status: 'fail' },
  paused: { word: 'Paused', status: 'warn' },
  canceled: { word: 'Canceled', status: 'unknown' },
};

export const INTERVALS: Readonly<Record<Subscription['plan']['interval'], string>> = {
  month: 'a month',
  year: 'a year',
};
