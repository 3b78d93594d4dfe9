import type { Verdict } from '@gridworks/sdk';
import { Bot } from 'lucide-react';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../api/cursor-list.ts';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Cursors } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Filter, wordsOf } from '../ui/filter.tsx';
import { Moment } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel, Section } from '../ui/panel.tsx';
import { StatusMark, Tag } from '../ui/status-mark.tsx';
import { strategyName } from './words.ts';

const STATES = ['suggested', 'trial', 'promoted', 'demoted', 'rejected'] as const;
const STATE_MARKS = {
  suggested: { status: 'unknown', word: 'Suggested' },
  trial: { status: 'warn', word: 'On trial' },
  promoted: { status: 'pass', word: 'Promoted' },
  demoted: { status: 'fail', word: 'Demoted' },
  rejected: { status: 'unknown', word: 'Rejected' },
} as const;
const STATE_WORDS = wordsOf(STATE_MARKS);
const searchSchema = z.object({ ...CURSORS, state: z.optional(z.enum(STATES)) });

export default function VerdictsPage(): ReactNode {
  const [search, setSearch] = usePageSearch(searchSchema);
  const { state } = search;
  const { query, onPrevious, onNext } = useCursorList({
    queryKey: ['verdicts', state ?? 'any'],
    search,
    setSearch,
    load: (cursor) => api.admin.verdicts.list({ limit: 20, ...(state ? { state } : {}), ...cursor }),
    live: true,
  });
  return (
    <>
      <PageHeader title="Model verdicts" back={<Link to="/admin/healing">Healing</Link>}>
        Verdicts of the model about errors that no rule and no pattern covers. The model only suggests: a
        person decides whether a suggestion is tried.
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
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState icon={Bot} title="No verdict yet">
              The model gets a prompt for an error that no rule and no pattern covers.
            </EmptyState>
          ) : (
            <>
              <div className="flex flex-col gap-4 p-4 pt-2">
                {data.map((verdict) => (
                  <VerdictCard key={verdict.id} verdict={verdict} />
                ))}
              </div>
              <Cursors what="verdicts" onPrevious={onPrevious} onNext={onNext} />
            </>
          )
        }
      </Panel>
    </>
  );
}

function VerdictCard({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const mayDecide = useMay('verdicts:write') && verdict.state === 'suggested';
  const decide = useAction({
    run: (decision: 'trial' | 'reject') => api.admin.verdicts.decide({ id: verdict.id, decision }),
    done: 'Decided',
    failed: 'Nothing was decided',
    refresh: [['verdicts'], ['patterns']],
  });
  return (
    <Section
      title={verdict.source}
      note={`${verdict.model}, prompt ${verdict.prompt_version}`}
      actions={<StatusMark {...STATE_MARKS[verdict.state]} />}
    >
      <p className="break-words">{verdict.root_cause}</p>
      <p className="mt-2 flex flex-wrap items-center gap-2 text-sm">
        <Tag>{verdict.kind}</Tag>
        <span className="font-medium">{strategyName(verdict.strategy)}</span>
        <span className="text-muted">{Math.round(verdict.confidence * 100)}% sure</span>
        {verdict.verified > 0 && <span className="text-muted">{verdict.verified} of 5 healed on trial</span>}
        <Moment at={verdict.created_at} relative />
      </p>
      {verdict.evidence.length > 0 && (
        <details className="mt-2 text-sm">
          <summary className="cursor-pointer text-muted">Evidence that it names</summary>
          <ul className="mt-1 list-disc ps-5">
            {verdict.evidence.map((line) => (
              <li key={line} className="break-words">
                {line}
              </li>
            ))}
          </ul>
        </details>
      )}
      {mayDecide && (
        <div className="mt-3 flex gap-2">
          <Button size="sm" variant="primary" busy={decide.isPending} onClick={() => decide.mutate('trial')}>
            Try it
          </Button>
          <Button size="sm" disabled={decide.isPending} onClick={() => decide.mutate('reject')}>
            Reject
          </Button>
        </div>
      )}
    </Section>
  );
}
