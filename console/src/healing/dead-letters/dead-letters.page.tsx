import type { DeadLetter } from '@gridworks/sdk';
import { MailCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../../api/cursor-list.ts';
import { api } from '../../api/portal.ts';
import { Link } from '../../navigation/navigation.tsx';
import { usePageSearch } from '../../navigation/page-search.ts';
import { Button } from '../../ui/button.tsx';
import { Cursors } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Filter } from '../../ui/filter.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { DeadLetterDialog } from './dead-letter.dialog.tsx';
import { ConsumersPanel, useDeadLetterCounts } from './dead-letter-consumers.tsx';
import { DeadLetterTable } from './dead-letter-table.tsx';
import { EVERY_MS, FRESH_FOR_S } from './words.ts';

const STATES = ['replaying', 'replayed', 'discarded', 'any'] as const;
const STATE_WORDS = {
  replaying: 'being replayed',
  replayed: 'processed',
  discarded: 'discarded',
  any: 'any',
} as const;
const searchSchema = z.object({
  ...CURSORS,
  /** Without it: letters that wait. */
  state: z.optional(z.enum(STATES)),
  consumer: z.optional(z.string().check(z.regex(/^[a-z]+_[a-z0-9-]+$/))),
  subject: z.optional(z.string().check(z.regex(/^event(\.[a-z0-9-]+){3}$/))),
  /** The letter that is open. */
  letter: z.optional(z.string().check(z.regex(/^dle_[0-9A-Za-z]{22}$/))),
});

export default function DeadLettersPage(): ReactNode {
  const [search, setSearch] = usePageSearch(searchSchema);
  const { consumer, letter, state, subject } = search;
  const filters = {
    ...(state === 'any' ? {} : { state: state ?? ('waiting' as const) }),
    ...(consumer ? { consumer } : {}),
    ...(subject ? { subject } : {}),
  };
  const { query, onPrevious, onNext } = useCursorList({
    queryKey: ['dead-letters', filters],
    search,
    setSearch,
    load: (cursor) => api.admin.deadLetters.list({ limit: 50, ...filters, ...cursor }),
    everyMs: EVERY_MS,
  });
  const counts = useDeadLetterCounts();
  const rows = query.data?.data ?? [];
  const consumers = wordsOf([
    ...rows.map((row) => row.consumer),
    ...(counts.data?.consumers ?? []).map((one) => one.consumer),
    consumer,
  ]);
  const filter = (name: 'state' | 'consumer' | 'subject') => (value: string | undefined) =>
    setSearch({ ...FIRST_PAGE, [name]: value });
  const isFiltered = Boolean(state || consumer || subject);
  return (
    <>
      <PageHeader title="Dead letters" back={<Link to="/admin/healing">Healing</Link>}>
        Events that a consumer gave up after its last attempt. Each waits here until it is processed, or a
        person decides: a replay delivers it to that consumer alone, and a discarded event is never processed.
      </PageHeader>
      <div className="flex flex-col gap-4">
        <ConsumersPanel counts={counts} />
        <div className="flex flex-wrap items-end gap-2">
          <Filter
            label="State"
            value={state}
            options={STATE_WORDS}
            all="waiting"
            onChange={filter('state')}
          />
          <Filter label="Consumer" value={consumer} options={consumers} onChange={filter('consumer')} />
          <Filter
            label="Event"
            value={subject}
            options={wordsOf([...rows.map((row) => row.subject), subject])}
            onChange={filter('subject')}
          />
        </div>
        <Panel query={query} title="Letters" flush lines={8} freshForS={FRESH_FOR_S}>
          {({ data }) =>
            data.length === 0 ? (
              <Nothing
                isFiltered={isFiltered}
                onShowAll={() =>
                  setSearch({ ...FIRST_PAGE, state: 'any', consumer: undefined, subject: undefined })
                }
              />
            ) : (
              <>
                <DeadLetterTable letters={data} onOpen={(id) => setSearch({ letter: id }, { push: true })} />
                <Cursors what="dead letters" onPrevious={onPrevious} onNext={onNext} />
              </>
            )
          }
        </Panel>
      </div>
      {letter && <DeadLetterDialog id={letter} onClose={() => setSearch({ letter: undefined })} />}
    </>
  );
}

function Nothing({
  isFiltered,
  onShowAll,
}: {
  readonly isFiltered: boolean;
  readonly onShowAll: () => void;
}): ReactNode {
  if (isFiltered)
    return (
      <EmptyState
        icon={MailCheck}
        title="No dead letter fits"
        action={<Button onClick={onShowAll}>Show all</Button>}
      >
        There is none with this state, consumer and event.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={MailCheck}
      title="No dead letters"
      action={<Button onClick={onShowAll}>Show earlier ones</Button>}
    >
      No event waits for a decision: every event was processed by each of its consumers, is still being tried,
      or was discarded by a person.
    </EmptyState>
  );
}

/** Each name once, in order, as options of `<Filter>`. */
const wordsOf = (names: readonly (DeadLetter['consumer'] | undefined)[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...new Set(names)]
      .filter((name) => name !== undefined)
      .sort()
      .map((name) => [name, name]),
  );
