import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Api } from '../../api/portal.ts';
import { api } from '../../api/portal.ts';
import { useAction } from '../../api/use-action.ts';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm.dialog.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { formatCount, plural } from '../../ui/numbers.ts';
import { Panel } from '../../ui/panel.tsx';
import { EVERY_MS, FRESH_FOR_S, REFRESH } from './words.ts';

type Counts = Awaited<ReturnType<Api['admin']['deadLetters']['count']>>;
type Count = Counts['consumers'][number];
interface Decision {
  readonly kind: 'replay' | 'discard';
  readonly of: Count;
}

/** How many letters of each consumer are not settled. */
export const useDeadLetterCounts = (): UseQueryResult<Counts, Error> =>
  useQuery({
    queryKey: ['dead-letter-counts'],
    queryFn: () => api.admin.deadLetters.count(),
    refetchInterval: EVERY_MS,
  });

/** The consumers with letters that wait, and what can be done with all letters of one. Nothing without any. */
export function ConsumersPanel({ counts }: { readonly counts: UseQueryResult<Counts, Error> }): ReactNode {
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const mayDecide = useMay('dead-letters:write');
  const columns: readonly Column<Count>[] = [
    {
      key: 'consumer',
      label: 'Consumer',
      className: 'w-full min-w-40 wrap-anywhere font-medium',
      cell: ({ consumer }) => consumer,
    },
    { key: 'waiting', label: 'Waiting', end: true, cell: ({ waiting }) => formatCount(waiting) },
    {
      key: 'replaying',
      label: 'Being replayed',
      end: true,
      from: 'sm',
      cell: ({ replaying }) => formatCount(replaying),
    },
    {
      key: 'oldest',
      label: 'Oldest failed',
      from: 'md',
      cell: ({ oldest_at }) => <Moment at={oldest_at} relative />,
    },
    ...(mayDecide
      ? [
          {
            key: 'decide',
            label: 'Replay or discard all',
            hideLabel: true,
            cell: (of: Count) => (
              <span className="flex justify-end gap-2 max-sm:flex-col">
                <Button
                  size="sm"
                  disabled={of.waiting === 0}
                  onClick={() => setDeciding({ kind: 'replay', of })}
                  aria-label={`Replay all of ${of.consumer}`}
                >
                  Replay all
                </Button>
                <Button
                  size="sm"
                  variant="ghost"
                  disabled={of.waiting === 0}
                  onClick={() => setDeciding({ kind: 'discard', of })}
                  aria-label={`Discard all of ${of.consumer}`}
                >
                  Discard all
                </Button>
              </span>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      {(counts.error || (counts.data?.consumers.length ?? 0) > 0) && (
        <Panel
          query={counts}
          title="By consumer"
          flush
          lines={2}
          observedAt={({ observed_at }) => observed_at}
          freshForS={FRESH_FOR_S}
        >
          {({ consumers }) => (
            <DataTable
              caption="Dead letters by consumer"
              columns={columns}
              rows={consumers}
              keyOf={({ consumer }) => consumer}
            />
          )}
        </Panel>
      )}
      {deciding && <DecideAllDialog {...deciding} onClose={() => setDeciding(null)} />}
    </>
  );
}

function DecideAllDialog({
  kind,
  of: { consumer, waiting },
  onClose,
}: Decision & { readonly onClose: () => void }): ReactNode {
  const isReplay = kind === 'replay';
  const decide = useAction({
    run: () => api.admin.deadLetters[isReplay ? 'replayAll' : 'discardAll']({ consumer }),
    done: isReplay ? 'The events are being delivered again' : 'Discarded',
    refresh: REFRESH,
  });
  const letters = plural(waiting, 'letter');
  return (
    <ConfirmDialog
      title={isReplay ? `Replay ${letters} of ${consumer}` : `Discard ${letters} of ${consumer}`}
      action={isReplay ? 'Replay all' : 'Discard all'}
      danger={!isReplay}
      onConfirm={() => decide.mutateAsync()}
      onClose={onClose}
    >
      {isReplay ? (
        <>
          <p>Each event is delivered to {consumer} once more, the oldest first, and to no other consumer.</p>
          <p>An event that was processed meanwhile changes nothing. One that fails again waits here again.</p>
        </>
      ) : (
        <>
          <p>{consumer} will never process these events, also when they are published again.</p>
          <p>This cannot be undone.</p>
        </>
      )}
    </ConfirmDialog>
  );
}
