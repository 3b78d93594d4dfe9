import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { api } from '../../api/portal.ts';
import { useAction } from '../../api/use-action.ts';
import { Link } from '../../navigation/navigation.tsx';
import { usePageSearch } from '../../navigation/page-search.ts';
import { Button } from '../../ui/button.tsx';
import { Moment } from '../../ui/moment.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { DecideIndexDialog } from './decide-index.dialog.tsx';
import { IndexSuggestionDialog } from './index-suggestion.dialog.tsx';
import { SuggestionTable } from './suggestion-table.tsx';
import { type Decision, EVERY_MS, REFRESH } from './words.ts';

/** `suggestion`: the one that is open. */
const searchSchema = z.object({
  suggestion: z.optional(z.string().check(z.regex(/^sug_[0-9A-Za-z]{22}$/))),
});

type Looks = Awaited<ReturnType<typeof api.admin.indexSuggestions.list>>['looks'];

/** The indexes that statements lack, by evidence, and those that the healer has built. */
export default function DatabasePage(): ReactNode {
  const [{ suggestion: id }, setSearch] = usePageSearch(searchSchema);
  const query = useQuery({
    queryKey: ['index-suggestions'],
    queryFn: () => api.admin.indexSuggestions.list(),
    refetchInterval: EVERY_MS,
  });
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const look = useAction({
    run: () => api.admin.indexSuggestions.look(),
    done: 'All services were looked at',
    failed: 'It could not be looked',
    refresh: REFRESH,
  });
  const open = query.data?.suggestions.find((one) => one.id === id);
  const close = () => {
    setDeciding(null);
    setSearch({ suggestion: undefined });
  };
  return (
    <>
      <PageHeader
        title="Database"
        back={<Link to="/admin/healing">Healing</Link>}
        actions={
          <Button busy={look.isPending} onClick={() => look.mutate()}>
            Look now
          </Button>
        }
      >
        Indexes that statements would gain much from. Each is tried on a sample of its table before it is
        suggested, and built only when a person approves it.
      </PageHeader>
      <Panel query={query} title="Indexes" flush lines={5} freshForS={30}>
        {({ looks, suggestions }) => (
          <>
            <SuggestionTable
              suggestions={suggestions}
              onOpen={(one) => setSearch({ suggestion: one }, { push: true })}
            />
            <LookList looks={looks} />
          </>
        )}
      </Panel>
      {open && deciding && (
        <DecideIndexDialog decision={deciding} suggestion={open} onClose={() => setDeciding(null)} />
      )}
      {open && !deciding && (
        <IndexSuggestionDialog suggestion={open} onDecide={setDeciding} onClose={close} />
      )}
    </>
  );
}

/** When the services were looked at, and of which nothing is known. */
function LookList({ looks }: { readonly looks: Looks }): ReactNode {
  const unknown = looks.filter(({ reason }) => reason !== null);
  const last = looks
    .map(({ at }) => at)
    .sort()
    .at(-1);
  return (
    <div className="flex flex-col gap-1.5 border-t border-line px-4 py-3 text-sm text-muted">
      <p>
        Last look: <Moment at={last} relative never="none since the healer started; there is one each hour" />
      </p>
      {unknown.map(({ reason, service }) => (
        <p key={service} className="flex flex-wrap items-baseline gap-2">
          <StatusMark status="unknown" word={service} />
          <span className="wrap-anywhere">{reason}</span>
        </p>
      ))}
    </div>
  );
}
