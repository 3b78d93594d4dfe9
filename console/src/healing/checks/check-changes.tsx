import type { CheckChange } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/portal.ts';
import { Moment } from '../../ui/moment.tsx';
import { formatShare } from '../../ui/numbers.ts';
import { formatInterval, formatResponse } from './words.ts';

const SHOWN = 5;

/** Who changed a check, when, from what to what; the newest changes. */
export function CheckChanges({ name }: { readonly name: string }): ReactNode {
  const changes = useQuery({
    queryKey: ['check-changes', name],
    queryFn: async () => (await api.admin.checks.listChanges({ name, limit: SHOWN })).data,
  });
  return (
    <section aria-label="Changes" className="border-t border-line pt-3 text-sm">
      <h3 className="font-medium">Changes</h3>
      {changes.isPending && <p className="text-faint">Loading …</p>}
      {changes.error && <p className="text-faint">The changes cannot be read now.</p>}
      {changes.data?.length === 0 && <p className="text-faint">None: these are the defaults.</p>}
      <ul className="mt-1 flex flex-col gap-2">
        {changes.data?.map((change) => (
          <li key={change.id}>
            <span className="block wrap-anywhere">{differences(change).join('; ')}</span>
            <span className="block text-faint wrap-anywhere">
              <Moment at={change.changed_at} relative /> by {change.changed_by}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `slow from 3 s to 1 s` */
export function differences({ before, after }: CheckChange): string[] {
  const rows: [string, string, string][] = [
    [
      'slow from',
      formatResponse(before.threshold.response_time_ms),
      formatResponse(after.threshold.response_time_ms),
    ],
    ['failing from', formatShare(before.threshold.error_rate), formatShare(after.threshold.error_rate)],
    ['degraded below', formatShare(before.threshold.success_rate), formatShare(after.threshold.success_rate)],
    ['runs', formatInterval(before.interval_ms), formatInterval(after.interval_ms)],
    ['is', before.enabled ? 'enabled' : 'disabled', after.enabled ? 'enabled' : 'disabled'],
    ['is muted until', before.muted_until ?? 'never', after.muted_until ?? 'never'],
  ];
  return rows.filter(([, was, is]) => was !== is).map(([what, was, is]) => `${what} ${was}, now ${is}`);
}
