import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { cx } from './cx.ts';

export interface Column<Row> {
  readonly key: string;
  /** The head of the column; a column of buttons has a label for screen readers only. */
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** Aligns the cells at the end, for numbers. */
  readonly end?: boolean;
  /** The column is hidden below this width. */
  readonly from?: 'sm' | 'md' | 'lg' | 'xl';
  readonly className?: string;
}

interface DataTableProps<Row> {
  /** The caption of the table for screen readers: `API keys`. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly empty?: ReactNode;
  /** Whether a row is shown faded, such as a revoked key. */
  readonly faded?: (row: Row) => boolean;
}

const FROM = { sm: 'max-sm:hidden', md: 'max-md:hidden', lg: 'max-lg:hidden', xl: 'max-xl:hidden' } as const;

/**
 * The rows of one page of a list. The table reaches the edges of its panel (`flush`) and scrolls sideways by
 * itself.
 */
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
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard
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
  /** The name of the rows: `keys`. */
  readonly what: string;
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
}

/** Buttons for older and newer pages, by the API's cursors. Hidden when there is only one page. */
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
