import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { stringifySearch } from '../navigation/page-search.ts';
import { shorten, tagTitle } from '../reference/addresses.ts';
import type { Operation } from '../reference/open-api.ts';
import { cx } from '../ui/cx.ts';
import { CONTROL_CLASS } from '../ui/field.tsx';
import type { Offer } from './credential.ts';
import { MethodMark } from './method-mark.tsx';

interface OperationListProps {
  readonly offers: readonly Offer[];
  /** Id of the operation that is shown. */
  readonly current: string;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onChosen: () => void;
}

/** Every operation that the person can call, by tag; narrowed by words of its address, id or summary. */
export function OperationList({
  offers,
  current,
  filter,
  onFilter,
  onChosen,
}: OperationListProps): ReactNode {
  const found = offers.filter(({ operation }) => matches(operation, filter));
  const tags = [...new Set(found.map(({ operation }) => operation.tag))];
  return (
    <>
      <input
        type="search"
        value={filter}
        onChange={(event) => onFilter(event.target.value)}
        aria-label="Find an operation"
        placeholder="Find an operation"
        className={cx(CONTROL_CLASS, 'h-9')}
      />
      <p role="status" className={found.length === 0 ? 'py-3 text-sm text-muted' : 'sr-only'}>
        {found.length === 0 ? 'Nothing is like that.' : `${found.length} operations`}
      </p>
      <nav
        aria-label="Operations"
        className="mt-3 max-h-96 overflow-y-auto lg:max-h-[calc(100dvh-9rem)] lg:pe-1"
      >
        {tags.map((tag) => (
          <section key={tag} className="mb-3">
            <h2 className="px-2 pb-1 text-xs font-medium text-faint">{tagTitle(tag)}</h2>
            <ul>
              {found
                .filter(({ operation }) => operation.tag === tag)
                .map(({ operation: { id, method, path, summary } }) => (
                  <li key={id}>
                    <Link
                      to={`/explorer${stringifySearch({ operation: id, filter })}`}
                      onClick={onChosen}
                      aria-current={id === current ? 'page' : undefined}
                      title={`${method} ${path}`}
                      className={cx(
                        'flex items-baseline gap-2 rounded-2 px-2 py-1 text-sm text-text no-underline max-lg:py-2',
                        id === current ? 'bg-selected font-medium' : 'hover:bg-hover',
                      )}
                    >
                      <MethodMark method={method} />
                      <span className="min-w-0">{shorten(summary)}</span>
                    </Link>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </nav>
    </>
  );
}

/** Whether each word of the filter is somewhere in what is known of the operation. */
function matches({ id, method, path, summary, tag }: Operation, filter: string): boolean {
  const text = `${id} ${method} ${path} ${summary} ${tag}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
