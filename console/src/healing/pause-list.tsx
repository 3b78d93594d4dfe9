import type { Pause } from '@gridworks/sdk';
import { CirclePlay } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { useClock } from '../ui/moment.tsx';
import { Tag } from '../ui/status-mark.tsx';
import { formatSpan } from '../ui/times.ts';

/** The pauses and labels in force, with their remaining time. */
export function PauseList({ pauses }: { readonly pauses: readonly Pause[] }): ReactNode {
  const [ending, setEnding] = useState<Pause | null>(null);
  const mayEnd = useMay('pauses:write');
  const end = useAction({
    run: (pause: Pause) => api.admin.pauses.remove({ id: pause.id }),
    done: 'The pause has ended',
    refresh: [['pauses']],
  });
  const columns: readonly Column<Pause>[] = [
    {
      key: 'scope',
      label: 'Scope',
      className: 'w-full',
      cell: ({ scope, effect, reason }) => (
        <>
          <span className="font-medium">{scope}</span>{' '}
          {effect === 'label' ? <Tag tone="test">label</Tag> : <Tag>pause</Tag>}
          <br />
          <span className="text-sm text-muted">{reason}</span>
        </>
      ),
    },
    { key: 'left', label: 'Ends in', cell: (pause) => <Countdown until={pause.expires_at} /> },
    ...(mayEnd
      ? [
          {
            key: 'end',
            label: 'End it',
            hideLabel: true,
            cell: (pause: Pause) => (
              <Button size="sm" variant="ghost" onClick={() => setEnding(pause)}>
                End
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <DataTable
        caption="Pauses"
        columns={columns}
        rows={pauses}
        keyOf={({ id }) => id}
        empty={
          <EmptyState icon={CirclePlay} title="Nothing is paused">
            The healer may act on everything.
          </EmptyState>
        }
      />
      {ending && (
        <ConfirmDialog
          title={`End the pause of ${ending.scope}`}
          action="End pause"
          onConfirm={() => end.mutateAsync(ending)}
          onClose={() => setEnding(null)}
        >
          <p>
            The healer acts on {ending.scope} again at once. Reason of the pause: {ending.reason}
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

function Countdown({ until }: { readonly until: string }): ReactNode {
  const left = (Date.parse(until) - useClock()) / 1000;
  return (
    <span title={until} className="whitespace-nowrap tabular-nums">
      {left <= 0 ? 'now' : formatSpan(left)}
    </span>
  );
}
