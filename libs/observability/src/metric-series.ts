export type MetricType = 'counter' | 'gauge' | 'histogram';

/** One series. Keep it in a variable on a hot path: then a call is an addition, without a look-up. */
export interface MetricChild {
  /** Counters and gauges. Negative amounts only for gauges. */
  inc(amount?: number): void;
  /** Gauges. */
  dec(amount?: number): void;
  /** Gauges. */
  set(value: number): void;
  /** Histograms. */
  observe(value: number): void;
  /** Counters and gauges: the current value. Histograms: the number of observations. */
  value(): number;
  /**
   * Histograms: adds the observations of each bucket to `into`, times `sign`. `into` has one element more than there are
   * bounds: the last one is for what is above all of them.
   */
  addCounts(into: Float64Array, sign: 1 | -1): void;
}

/** A series that can be rendered in Prometheus' text format. */
export interface Series extends MetricChild {
  render(): string;
}

/** A counter or a gauge. */
export class NumberSeries implements Series {
  readonly #head: string;
  readonly #type: MetricType;
  #value = 0;

  constructor(name: string, pairs: string, type: MetricType) {
    this.#head = pairs ? `${name}{${pairs}}` : name;
    this.#type = type;
  }
  inc(amount = 1): void {
    if (amount < 0 && this.#type === 'counter') throw new Error('a counter only grows');
    this.#value += amount;
  }
  dec(amount = 1): void {
    this.inc(-amount);
  }
  set(value: number): void {
    if (this.#type === 'counter') throw new Error('a counter only grows');
    this.#value = value;
  }
  observe(): void {
    throw new Error(`a ${this.#type} observes nothing`);
  }
  addCounts(): void {
    this.observe();
  }
  value(): number {
    return this.#value;
  }
  render(): string {
    return `${this.#head} ${formatNumber(this.#value)}\n`;
  }
}

/** Counts per bucket, and the sum. */
export class HistogramSeries implements Series {
  readonly #name: string;
  readonly #pairs: string;
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(name: string, pairs: string, bounds: readonly number[]) {
    this.#name = name;
    this.#pairs = pairs;
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }
  observe(value: number): void {
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && value > bounds[at]!) at++;
    this.#counts[at]! += 1;
    this.#sum += value;
  }
  inc(): void {
    throw new Error('a histogram only observes');
  }
  dec(): void {
    this.inc();
  }
  set(): void {
    this.inc();
  }
  value(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }
  addCounts(into: Float64Array, sign: 1 | -1): void {
    const counts = this.#counts;
    for (let at = 0; at < counts.length; at++) into[at]! += sign * counts[at]!;
  }
  render(): string {
    const lead = this.#pairs ? `${this.#pairs},` : '';
    const tail = this.#pairs ? `{${this.#pairs}}` : '';
    let sum = 0;
    let text = '';
    this.#counts.forEach((count, at) => {
      sum += count;
      const bound = this.#bounds[at];
      text += `${this.#name}_bucket{${lead}le="${bound === undefined ? '+Inf' : formatNumber(bound)}"} ${sum}\n`;
    });
    return `${text}${this.#name}_sum${tail} ${formatNumber(this.#sum)}\n${this.#name}_count${tail} ${sum}\n`;
  }
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}
