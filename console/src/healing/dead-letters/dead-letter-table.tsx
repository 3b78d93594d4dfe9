import type { DeadLetter } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import { STATE_MARKS } from './words.ts';

/** One row for each letter, and the button that opens it. */
export function DeadLetterTable({
  letters,
  onOpen,
}: {
  readonly letters: readonly DeadLetter[];
  readonly onOpen: (id: string) => void;
}): ReactNode {
  const columns: readonly Column<DeadLetter>[] = [
    {
      key: 'event',
      label: 'Event and consumer',
      className: 'w-full min-w-40',
      cell: ({ consumer, reason, state, subject }) => (
        <>
          <span className="block font-medium wrap-anywhere">{subject}</span>
          <span className="block text-muted wrap-anywhere">for {consumer}</span>
          <span className="line-clamp-2 text-sm text-faint wrap-anywhere">{reason}</span>
          <span className="mt-1 block sm:hidden">
            <StatusMark {...STATE_MARKS[state]} />
          </span>
        </>
      ),
    },
    {
      key: 'state',
      label: 'State',
      from: 'sm',
      cell: ({ state }) => <StatusMark {...STATE_MARKS[state]} />,
    },
    {
      key: 'deliveries',
      label: 'Deliveries',
      end: true,
      from: 'sm',
      cell: ({ deliveries }) => formatCount(deliveries),
    },
    {
      key: 'last',
      label: 'Last failed',
      from: 'md',
      cell: ({ last_failed_at }) => <Moment at={last_failed_at} relative />,
    },
    {
      key: 'open',
      label: 'Open',
      hideLabel: true,
      cell: ({ id, subject }) => (
        <Button size="sm" onClick={() => onOpen(id)} aria-label={`Open ${subject}`}>
          Open
        </Button>
      ),
    },
  ];
  return <DataTable caption="Dead letters" columns={columns} rows={letters} keyOf={({ id }) => id} />;
}
