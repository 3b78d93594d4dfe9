import type { Status } from '../ui/status-mark.tsx';
import type { PlanVersion } from './plan-form-values.ts';

export const VERSION_STATUSES: Readonly<
  Record<PlanVersion['status'], { readonly word: string; readonly status: Status }>
> = {
  draft: { word: 'Draft', status: 'unknown' },
  published: { word: 'Published', status: 'pass' },
  retired: { word: 'Retired', status: 'unknown' },
};
