import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Api, api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Moment } from '../ui/moment.tsx';
import { plural } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { Tag } from '../ui/status-mark.tsx';
import { toastDone } from '../ui/toasts.tsx';
import { deviceOf } from './device.ts';

type SessionRow = Awaited<ReturnType<Api['sessions']['list']>>['data'][number];
const KEY = ['sessions'] as const;

/** The sessions of this user, with buttons that end them. */
export function SessionsPanel(): ReactNode {
  const sessions = useQuery({ queryKey: KEY, queryFn: () => api.sessions.list() });
  const [isAsked, setAsked] = useState(false);
  const endOthers = useAction({
    run: () => api.sessions.endAll({ keep: 'current' }),
    refresh: [KEY],
    onDone: ({ ended }) => toastDone(`${plural(ended, 'session')} ended`),
  });
  const others = sessions.data?.data.filter(({ current }) => !current).length ?? 0;
  return (
    <Panel
      query={sessions}
      title="Sessions"
      flush
      lines={3}
      actions={
        others > 0 && (
          <Button size="sm" onClick={() => setAsked(true)}>
            End all others
          </Button>
        )
      }
    >
      {({ data }) => (
        <>
          <DataTable caption="Sessions" columns={COLUMNS} rows={data} keyOf={({ id }) => id} />
          {isAsked && (
            <ConfirmDialog
              danger
              title="End all other sessions"
              action={`End ${plural(others, 'session')}`}
              onConfirm={() => endOthers.mutateAsync()}
              onClose={() => setAsked(false)}
            >
              <p>
                Everybody who is logged in as you elsewhere is logged out at once. This browser stays logged
                in.
              </p>
            </ConfirmDialog>
          )}
        </>
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<SessionRow>[] = [
  {
    key: 'where',
    label: 'Where',
    cell: ({ kind, user_agent, network, current }) => (
      <>
        <span className="font-medium">{kind === 'token' ? 'A program, by token' : deviceOf(user_agent)}</span>{' '}
        {current && <Tag tone="accent">this one</Tag>}
        <div className="font-mono text-xs text-faint">{network ?? 'network not known'}</div>
      </>
    ),
  },
  { key: 'used', label: 'Last used', cell: ({ last_used_at }) => <Moment at={last_used_at} relative /> },
  { key: 'made', label: 'Logged in', from: 'md', cell: ({ created_at }) => <Moment at={created_at} /> },
  { key: 'ends', label: 'Ends', from: 'lg', cell: ({ expires_at }) => <Moment at={expires_at} relative /> },
  {
    key: 'end',
    label: 'End',
    hideLabel: true,
    end: true,
    cell: ({ id, current }) => !current && <EndButton id={id} />,
  },
];

function EndButton({ id }: { readonly id: string }): ReactNode {
  const end = useAction({
    run: () => api.sessions.end({ id }),
    done: 'Session ended',
    failed: 'The session was not ended',
    refresh: [KEY],
  });
  return (
    <Button size="sm" busy={end.isPending} onClick={() => end.mutate()}>
      End
    </Button>
  );
}
