import type { Pattern } from '@gridworks/sdk';
import { Shapes } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../api/cursor-list.ts';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Filter, wordsOf } from '../ui/filter.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark, Tag } from '../ui/status-mark.tsx';
import { WilsonBar } from './wilson-bar.tsx';
import { strategyName } from './words.ts';

const STATES = ['learning', 'trial', 'deciding', 'demoted'] as const;
const STATE_MARKS = {
  learning: { status: 'unknown', word: 'Learning' },
  trial: { status: 'warn', word: 'On trial' },
  deciding: { status: 'pass', word: 'Deciding' },
  demoted: { status: 'fail', word: 'Demoted' },
} as const;
const STATE_WORDS = wordsOf(STATE_MARKS);
const searchSchema = z.object({ ...CURSORS, state: z.optional(z.enum(STATES)) });

export default function PatternsPage(): ReactNode {
  const [search, setSearch] = usePageSearch(searchSchema);
  const { state } = search;
  const { query, onPrevious, onNext } = useCursorList({
    queryKey: ['patterns', state ?? 'any'],
    search,
    setSearch,
    load: (cursor) => api.admin.patterns.list({ limit: 50, ...(state ? { state } : {}), ...cursor }),
    live: true,
  });
  const [forgetting, setForgetting] = useState<Pattern | null>(null);
  const forget = useAction({
    run: ({ id }: Pattern) => api.admin.patterns.remove({ id }),
    done: 'The pattern is forgotten',
    refresh: [['patterns']],
  });
  const mayForget = useMay('patterns:write');
  const columns: readonly Column<Pattern>[] = [
    { key: 'state', label: 'State', cell: ({ state: now }) => <StatusMark {...STATE_MARKS[now]} /> },
    {
      key: 'error',
      label: 'Error',
      className: 'w-full min-w-56',
      cell: ({ source, kind, example, why, origin }) => (
        <>
          <span className="font-medium">{source}</span> <Tag>{kind}</Tag>{' '}
          {origin === 'model' && <Tag tone="accent">from the model</Tag>}
          <br />
          <span className="line-clamp-2 text-sm break-words text-muted" title={example}>
            {example}
          </span>
          <span className="text-xs text-faint">{why}</span>
        </>
      ),
    },
    {
      key: 'strategy',
      label: 'Strategy',
      className: 'whitespace-nowrap',
      cell: ({ strategy }) => strategyName(strategy),
    },
    {
      key: 'rate',
      label: 'Healed',
      from: 'md',
      cell: ({ healed, failed }) => (
        <>
          <WilsonBar healed={healed} failed={failed} />
          <span className="text-xs text-faint">{formatCount(healed + failed)} trials</span>
        </>
      ),
    },
    { key: 'at', label: 'Changed', from: 'lg', cell: ({ updated_at }) => <Moment at={updated_at} /> },
    ...(mayForget
      ? [
          {
            key: 'forget',
            label: 'Forget',
            hideLabel: true,
            cell: (pattern: Pattern) => (
              <Button size="sm" variant="ghost" onClick={() => setForgetting(pattern)}>
                Forget
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <PageHeader title="Patterns" back={<Link to="/admin/healing">Healing</Link>}>
        What the system has learned: which strategy heals which error, and how sure that is.
      </PageHeader>
      <div className="mb-4">
        <Filter
          label="State"
          value={state}
          options={STATE_WORDS}
          onChange={(next) => setSearch({ ...FIRST_PAGE, state: next })}
        />
      </div>
      <Panel query={query} flush lines={8}>
        {({ data }) => (
          <>
            <DataTable
              caption="Patterns"
              columns={columns}
              rows={data}
              keyOf={({ id }) => id}
              empty={
                <EmptyState icon={Shapes} title="No pattern yet">
                  A pattern is learned when one strategy has healed the same error ten times.
                </EmptyState>
              }
            />
            <Cursors what="patterns" onPrevious={onPrevious} onNext={onNext} />
          </>
        )}
      </Panel>
      {forgetting && (
        <ConfirmDialog
          title={`Forget what was learned about ${forgetting.source}`}
          action="Forget pattern"
          danger
          onConfirm={() => forget.mutateAsync(forgetting)}
          onClose={() => setForgetting(null)}
        >
          <p>
            Rules decide again, and counting begins anew. So far {strategyName(forgetting.strategy)} healed{' '}
            {formatCount(forgetting.healed)} and failed {formatCount(forgetting.failed)}.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
