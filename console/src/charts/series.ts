export interface Series {
  readonly label: string;
  /** One value for each time; null where nothing is known, which is a gap. */
  readonly values: readonly (number | null)[];
}

export interface SeriesChartProps {
  /** A sentence that says what one sees: it is the figure's caption. */
  readonly caption: string;
  /** Milliseconds since 1970, rising. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly kind?: 'line' | 'bars';
  /** A value in the table and at the pointer. Default: a whole number. */
  readonly format?: (value: number) => string;
  /** A value at the axis, where there is little room. */
  readonly formatAxis?: (value: number) => string;
  /** How exact a time of the table is. */
  readonly precision?: 'day' | 'minute' | 'second';
  readonly height?: number;
}

const SERIES_COLOURS = 5;
/** The variable of the tokens that a series is drawn in. */
export const seriesColour = (index: number): string => `--series-${(index % SERIES_COLOURS) + 1}`;
