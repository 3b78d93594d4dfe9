import type { Payment } from '@gridworks/sdk';
import type { Status } from '../ui/status-mark.tsx';

export const PAYMENT_STATUSES: Readonly<
  Record<Payment['status'], { readonly word: string; readonly status: Status }>
> = {
  created: { word: 'Started', status: 'warn' },
  submitted: { word: 'In progress', status: 'warn' },
  unknown: { word: 'Being clarified', status: 'warn' },
  processing: { word: 'In progress', status: 'warn' },
  requires_action: { word: 'Confirm it', status: 'fail' },
  succeeded: { word: 'Received', status: 'pass' },
  failed: { word: 'Failed', status: 'fail' },
  canceled: { word: 'Canceled', status: 'unknown' },
};

export const PAYMENT_KINDS: Readonly<Record<Payment['kind'], string>> = {
  charge: 'Charge',
  transfer: 'Bank transfer',
  refund: 'Refund',
};

const OPEN: readonly Payment['status'][] = [
  'created',
  'submitted',
  'unknown',
  'processing',
  'requires_action',
];

/** Whether it is not known yet what becomes of a payment. */
export const isOpen = ({ status }: Pick<Payment, 'status'>): boolean => OPEN.includes(status);
