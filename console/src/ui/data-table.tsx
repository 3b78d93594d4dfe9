import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { cx } from './cx.ts';

export interface Column<Row> {
  readonly key: string;
  /** Head of the column; a column of buttons has words for screen readers in `label`. */
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the end. */
  readonly end?: boolean;
  /** Left out below this width. */
  readonly from?: 'sm' | 'md' | 'lg' | 'xl';
  readonly className?: string;
}

interface DataTableProps<Row> {
  /** Read out before the table: `API keys`. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly empty?: ReactNode;
  /** A row that stands back: a revoked key. */
  readonly faded?: (row: Row) => boolean;
}

const FROM = { sm: 'max-sm:hidden', md: 'max-md:hidden', lg: 'max-lg:hidden', xl: 'max-xl:hidden' } as const;

/** Rows of one page of a list. It reaches the edges of its panel (`flush`), and scrolls sideways in itself when it must. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  empty,
  faded,
}: DataTableProps<Row>): ReactNode {
  if (rows.length === 0 && empty) return empty;
  const classOf = ({ end, from, className }: Column<Row>) =>
    cx(end && 'text-end tabular-nums', from && FROM[from], className);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a group is no landmark, of which a page has few
    <div role="group" className="relative overflow-x-auto" tabIndex={0} aria-label={caption}>
      <table className="w-full text-md">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-xs text-faint">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={cx('px-4 py-2 font-medium whitespace-nowrap', classOf(column))}
              >
                {column.hideLabel ? <span className="sr-only">{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line last:border-b-0 hover:bg-hover">
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={cx('px-4 py-2.5 align-middle', faded?.(row) && 'text-faint', classOf(column))}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CursorsProps {
  /** Names of the rows: `keys`. */
  readonly what: string;
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
}

/** Older and newer pages, by the API's cursors. Nothing when one page holds all. */
export function Cursors({ what, onPrevious, onNext }: CursorsProps): ReactNode {
  if (!onPrevious && !onNext) return null;
  return (
    <nav aria-label={`Pages of ${what}`} className="flex justify-end gap-2 border-t border-line px-4 py-2.5">
      <Button size="sm" icon={ChevronLeft} disabled={!onPrevious} onClick={onPrevious ?? undefined}>
        Newer
      </Button>
      <Button size="sm" disabled={!onNext} onClick={onNext ?? undefined}>
        Older
        <ChevronRight aria-hidden size={14} />
      </Button>
    </nav>
  );
}
