import type { ReactNode } from 'react';
import { SparkLine } from '../charts/spark-line.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { formatCount, formatShare, plural } from '../ui/numbers.ts';

interface Row {
  readonly value: string;
  readonly total_calls: number;
  readonly calls: readonly number[];
}

interface UsageTableProps {
  readonly series: readonly Row[];
  /** All values beyond the first twenty, summed up. */
  readonly other: Omit<Row, 'value'> | null;
  readonly total: number;
  readonly nameOf: (value: string) => string;
  /** `Key` */
  readonly what: string;
}

const OTHER = '';

/** One row for each value of the split, most calls first. */
export function UsageTable({ series, other, total, nameOf, what }: UsageTableProps): ReactNode {
  const rows = [...series, ...(other ? [{ value: OTHER, ...other }] : [])];
  const columns: readonly Column<Row>[] = [
    { key: 'value', label: what, cell: ({ value }) => (value === OTHER ? 'All others' : nameOf(value)) },
    {
      key: 'line',
      label: 'Over time',
      from: 'sm',
      cell: ({ calls, total_calls }) => <SparkLine values={calls} label={plural(total_calls, 'call')} />,
    },
    { key: 'calls', label: 'Calls', end: true, cell: ({ total_calls }) => formatCount(total_calls) },
    {
      key: 'share',
      label: 'Share',
      end: true,
      cell: ({ total_calls }) => formatShare(total_calls / total, 1),
    },
  ];
  return (
    <div className="-mx-4 mt-3 border-t border-line">
      <DataTable
        caption={`Calls by ${what.toLowerCase()}`}
        columns={columns}
        rows={rows}
        keyOf={({ value }) => value}
      />
    </div>
  );
}
