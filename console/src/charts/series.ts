export interface Series {
  readonly label: string;
  /** One value for each time; null for an unknown value, drawn as a gap. */
  readonly values: readonly (number | null)[];
}

export interface SeriesChartProps {
  /** A sentence that describes the chart: the caption of the figure. */
  readonly caption: string;
  /** Milliseconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly kind?: 'line' | 'bars';
  /** Formats a value in the table and at the pointer. Default: a whole number. */
  readonly format?: (value: number) => string;
  /** Formats a value at the axis, where there is little room. */
  readonly formatAxis?: (value: number) => string;
  /** The precision of times in the table. */
  readonly precision?: 'day' | 'minute' | 'second';
  readonly height?: number;
}

const SERIES_COLOURS = 5;
/** The CSS variable with the colour of a series. */
export const seriesColour = (index: number): string => `--series-${(index % SERIES_COLOURS) + 1}`;

/** The indices of values without a neighbour: a line has no length there, so they are drawn as points. */
export const alone = (values: Series['values']): number[] =>
  values.flatMap((value, at) =>
    value != null && values[at - 1] == null && values[at + 1] == null ? [at] : [],
  );
