import type { Check } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../../api/portal.ts';
import { useAction } from '../../api/use-action.ts';
import { Link } from '../../navigation/navigation.tsx';
import { useMay } from '../../session/session.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { toastDone } from '../../ui/toasts.tsx';
import { ChangeCheckDialog } from './change-check.dialog.tsx';
import { CheckTable } from './check-table.tsx';
import { EVERY_MS, FRESH_FOR_S, formatResponse, inOrder, REFRESH } from './words.ts';

/** Every check of monitor: its state, its response times and its thresholds. */
export default function ChecksPage(): ReactNode {
  const checks = useQuery({
    queryKey: ['checks'],
    queryFn: () => api.admin.checks.list(),
    refetchInterval: EVERY_MS,
    meta: { live: true },
  });
  const [changing, setChanging] = useState<Check | null>(null);
  const mayChange = useMay('checks:write');
  const run = useAction({
    run: (name: string) => api.admin.checks.run({ name }),
    failed: 'The check was not run',
    refresh: REFRESH,
    onDone: ({ run: { passed, response_time_ms } }, name) =>
      toastDone(
        `${name} ${passed ? 'passed' : 'failed'}${response_time_ms === null ? '' : ` in ${formatResponse(response_time_ms)}`}`,
      ),
  });
  return (
    <>
      <PageHeader title="Checks" back={<Link to="/admin/healing">Healing</Link>}>
        What monitor does again and again to see whether everything works, and from when on it is no longer
        well. External and business checks raise an incident of their own.
      </PageHeader>
      <Panel query={checks} flush lines={10} freshForS={FRESH_FOR_S}>
        {({ checks: all, offline_since }) => (
          <>
            {offline_since && (
              <p className="flex flex-wrap items-baseline gap-2 border-b border-line px-4 py-3">
                <StatusMark status="warn" word="Monitor is offline" />
                No external service responds while the own servers work: none of them is reported.
              </p>
            )}
            {all.length === 0 ? (
              <EmptyState icon={ListChecks} title="No checks">
                Monitor has just started.
              </EmptyState>
            ) : (
              <CheckTable
                checks={inOrder(all)}
                running={run.isPending ? run.variables : undefined}
                onRun={mayChange ? run.mutate : undefined}
                onChange={setChanging}
              />
            )}
          </>
        )}
      </Panel>
      {changing && <ChangeCheckDialog check={changing} onClose={() => setChanging(null)} />}
    </>
  );
}
