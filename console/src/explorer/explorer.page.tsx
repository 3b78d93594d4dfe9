import { useQuery } from '@tanstack/react-query';
import { List } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import * as z from 'zod/mini';
import { portal } from '../api/portal.ts';
import { usePageSearch } from '../navigation/page-search.ts';
import { operationPath } from '../reference/addresses.ts';
import { operationsOf, type RawDocument } from '../reference/open-api.ts';
import { usePerson } from '../session/person.tsx';
import type { Person } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded } from '../ui/panel.tsx';
import { offersFor } from './credential.ts';
import { OperationList } from './operation-list.tsx';
import { OperationView } from './operation-view.tsx';

/** The first call that anybody makes: it needs nothing, and costs nothing. */
const FIRST_OPERATION = 'listPlans';
const search = z.object({
  operation: z._default(z.string(), FIRST_OPERATION),
  filter: z.optional(z.string()),
});
const DOCUMENT = { method: 'GET', path: '/openapi.json', idempotent: false, paged: false } as const;
const FRESH_FOR_MS = 10 * 60_000;

export default function ExplorerPage(): ReactNode {
  const person = usePerson();
  const document = useQuery({
    queryKey: ['openapi'],
    queryFn: () => portal.call<RawDocument>(DOCUMENT),
    staleTime: FRESH_FOR_MS,
  });
  return (
    <>
      <PageHeader title="API explorer">
        {person.partner
          ? 'Real calls, sent from this page with a test key of its own. They cost nothing; what they write is real.'
          : 'Real calls, sent from this page with your session. What they change is changed.'}
      </PageHeader>
      <Loaded query={document} lines={8}>
        {(data) => <Explorer document={data} person={person} />}
      </Loaded>
    </>
  );
}

function Explorer({
  document,
  person,
}: {
  readonly document: RawDocument;
  readonly person: Person;
}): ReactNode {
  const [{ operation: id, filter = '' }, setSearch] = usePageSearch(search);
  const [isListOpen, setListOpen] = useState(false);
  const offers = useMemo(() => offersFor(document, person), [document, person]);
  const offer = offers.find(({ operation }) => operation.id === id);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[17rem_minmax(0,1fr)]">
      <div className="min-w-0 lg:sticky lg:top-16">
        <Button
          icon={List}
          aria-expanded={isListOpen}
          aria-controls="operations"
          onClick={() => setListOpen(!isListOpen)}
          className="w-full lg:hidden"
        >
          {isListOpen ? 'Close the list' : 'All operations'}
        </Button>
        <div id="operations" className={cx('max-lg:mt-3', !isListOpen && 'max-lg:hidden')}>
          <OperationList
            offers={offers}
            current={id}
            filter={filter}
            onFilter={(value) => setSearch({ filter: value || undefined })}
            onChosen={() => setListOpen(false)}
          />
        </div>
      </div>
      {offer ? (
        <OperationView key={id} document={document} offer={offer} person={person} />
      ) : (
        <NotOffered id={id} exists={operationsOf(document).some((one) => one.id === id)} />
      )}
    </div>
  );
}

function NotOffered({ id, exists }: { readonly id: string; readonly exists: boolean }): ReactNode {
  if (!exists) return <EmptyState title="There is no such operation">Choose one of the list.</EmptyState>;
  return (
    <EmptyState
      title="This operation cannot be tried here"
      action={
        <a href={operationPath(id)} className="link">
          Read its reference page
        </a>
      }
    >
      It is for other roles than yours, takes a password, or is used by the pages of the console alone.
    </EmptyState>
  );
}
