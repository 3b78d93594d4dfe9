import type { IndexSuggestion } from '@gridworks/sdk';
import { DatabaseZap } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatShare } from '../../ui/numbers.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import { columnWords, formatMean, STATE_MARKS } from './words.ts';

/** One row for each index that is missing or was built, and the button that opens it. */
export function SuggestionTable({
  suggestions,
  onOpen,
}: {
  readonly suggestions: readonly IndexSuggestion[];
  readonly onOpen: (id: string) => void;
}): ReactNode {
  const columns: readonly Column<IndexSuggestion>[] = [
    {
      key: 'index',
      label: 'Table and columns',
      className: 'w-full min-w-40',
      cell: (one) => (
        <>
          <span className="block font-medium wrap-anywhere">
            {one.service}.{one.table}
          </span>
          <span className="block text-muted wrap-anywhere">{columnWords(one.columns)}</span>
          <span className="mt-1 block sm:hidden">
            <State suggestion={one} /> <Times suggestion={one} />
          </span>
        </>
      ),
    },
    { key: 'state', label: 'State', from: 'sm', cell: (one) => <State suggestion={one} /> },
    {
      key: 'calls',
      label: 'Calls',
      end: true,
      from: 'md',
      cell: ({ evidence }) => formatCount(evidence.statement.calls),
    },
    {
      key: 'mean',
      label: 'A call takes',
      end: true,
      from: 'sm',
      cell: (one) => <Times suggestion={one} />,
    },
    {
      key: 'factor',
      label: 'Plan costs',
      end: true,
      from: 'md',
      cell: ({ evidence }) => (
        <span className="whitespace-nowrap">{formatCount(evidence.trial.factor)} times less</span>
      ),
    },
    {
      key: 'open',
      label: 'Open',
      hideLabel: true,
      cell: ({ id, index }) => (
        <Button size="sm" onClick={() => onOpen(id)} aria-label={`Open ${index}`}>
          Open
        </Button>
      ),
    },
  ];
  return (
    <DataTable
      caption="Suggested indexes"
      columns={columns}
      rows={suggestions}
      keyOf={({ id }) => id}
      faded={({ state }) => state === 'dismissed' || state === 'dropped'}
      empty={
        <EmptyState icon={DatabaseZap} title="No index is missing">
          No statement that ran so far would gain much from one.
        </EmptyState>
      }
    />
  );
}

/** How long a call takes, and how long it has taken since the index was built. */
function Times({ suggestion: { evidence, result } }: { readonly suggestion: IndexSuggestion }): ReactNode {
  return (
    <span className="whitespace-nowrap">
      {formatMean((result?.before ?? evidence.statement).mean_ms)}
      {result?.after && ` → ${formatMean(result.after.mean_ms)}`}
    </span>
  );
}

function State({
  suggestion: { progress, result, state },
}: {
  readonly suggestion: IndexSuggestion;
}): ReactNode {
  const mark = STATE_MARKS[state];
  const share = progress?.share ?? null;
  if (share !== null) return <StatusMark {...mark} word={`${mark.word}: ${formatShare(share, 0)}`} />;
  return <StatusMark {...mark} word={result?.unused ? 'Built, not used' : mark.word} />;
}
