import { type ReactNode, useId, useState } from 'react';
import { formatCount } from '../ui/numbers.ts';
import { usePreferences } from '../ui/preferences.ts';
import { formatMoment } from '../ui/times.ts';
import { type Series, type SeriesChartProps, seriesColour } from './series.ts';
import { SeriesPicture } from './series-picture.tsx';

/** Values over time, as a picture and as a table. */
export default function SeriesChart(props: SeriesChartProps): ReactNode {
  const { caption, times, series, format = formatCount, precision = 'day', height = 220 } = props;
  const [asTable, setAsTable] = useState(false);
  // A day of the API is a UTC day, so days are shown in UTC in every zone.
  const chosen = usePreferences((preferences) => preferences.zone);
  const zone = precision === 'day' ? 'utc' : chosen;
  const tableId = useId();
  return (
    <figure className="m-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 pb-2">
        <figcaption className="text-sm text-muted">{caption}</figcaption>
        <button
          type="button"
          aria-expanded={asTable}
          aria-controls={tableId}
          onClick={() => setAsTable(!asTable)}
          className="link text-sm"
        >
          {asTable ? 'Hide table' : 'Show table'}
        </button>
      </div>
      {series.length > 1 && <Legend series={series} />}
      <SeriesPicture {...props} zone={zone} height={height} />
      <div
        id={tableId}
        hidden={!asTable}
        className="mt-3 max-h-80 overflow-auto rounded-2 border border-line"
      >
        {asTable && (
          <table className="w-full text-sm">
            <caption className="sr-only">{caption}</caption>
            <thead className="sticky top-0 bg-sunken text-xs text-muted">
              <tr>
                <th scope="col" className="px-3 py-1.5">
                  Time
                </th>
                {series.map(({ label }) => (
                  <th key={label} scope="col" className="px-3 py-1.5 text-end">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((time, row) => (
                <tr key={time} className="border-t border-line">
                  <th scope="row" className="px-3 py-1 font-normal whitespace-nowrap">
                    {formatMoment(new Date(time), zone, precision)}
                  </th>
                  {series.map(({ label, values }) => (
                    <td key={label} className="px-3 py-1 text-end tabular-nums">
                      {values[row] == null ? 'no data' : format(values[row])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </figure>
  );
}

function Legend({ series }: { readonly series: readonly Series[] }): ReactNode {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 pb-2 text-sm text-muted">
      {series.map(({ label }, index) => (
        <li key={label} className="flex items-center gap-1.5">
          <span
            aria-hidden
            className="h-0.5 w-3.5 rounded-full"
            style={{ background: `var(${seriesColour(index)})` }}
          />
          {label}
        </li>
      ))}
    </ul>
  );
}
