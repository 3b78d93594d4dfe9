import {
  HistogramSeries,
  type MetricChild,
  type MetricType,
  NumberSeries,
  type Series,
} from './metric-series.ts';

// Above this number all further label values share one series: a label with ids must not use up the memory.
const MAX_CHILDREN = 1000;
const OVERFLOW = 'other';
const NAME_FORM = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_FORM = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A metric with its label names. A metric without labels is its own only series. */
export class MetricFamily implements MetricChild {
  readonly type: MetricType;
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly #buckets: readonly number[];
  readonly #read: (() => number) | undefined;
  readonly #children = new Map<string, Series>();
  readonly #single: Series | undefined;

  constructor(
    type: MetricType,
    name: string,
    help: string,
    labelNames: readonly string[],
    buckets: readonly number[] = [],
    read?: () => number,
  ) {
    if (!NAME_FORM.test(name)) throw new Error(`not a metric name: ${name}`);
    for (const label of labelNames)
      if (!LABEL_FORM.test(label)) throw new Error(`not a label name: ${label}`);
    this.type = type;
    this.name = name;
    this.help = help;
    this.labelNames = labelNames;
    this.#buckets = buckets;
    this.#read = read;
    if (labelNames.length === 0) this.#single = this.#add([]);
  }

  /**
   * The series with these label values, in the order of the label names. Keep the result for repeated use.
   */
  labels(...values: string[]): MetricChild {
    if (values.length !== this.labelNames.length)
      throw new Error(
        `metric ${this.name} needs ${this.labelNames.length} label values, got ${values.length}`,
      );
    const found = this.#children.get(values.join('\u0000'));
    if (found) return found;
    if (this.#children.size < MAX_CHILDREN) return this.#add(values);
    const rest = values.map(() => OVERFLOW);
    return this.#children.get(rest.join('\u0000')) ?? this.#add(rest);
  }

  inc(amount = 1): void {
    this.#one().inc(amount);
  }
  dec(amount = 1): void {
    this.#one().dec(amount);
  }
  set(value: number): void {
    this.#one().set(value);
  }
  observe(value: number): void {
    this.#one().observe(value);
  }
  value(): number {
    return this.#one().value();
  }
  addCounts(into: Float64Array, sign: 1 | -1): void {
    this.#one().addCounts(into, sign);
  }

  /** The lines of the metric in Prometheus' text format. A metric whose reading throws shows no value. */
  render(): string {
    const head = `# HELP ${this.name} ${this.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${this.name} ${this.type}\n`;
    if (this.#read) {
      try {
        this.#take(this.#read());
      } catch {
        return head;
      }
    }
    return head + [...this.#children.values()].map((series) => series.render()).join('');
  }

  /** A counter follows what is counted elsewhere upwards only. */
  #take(reading: number): void {
    const one = this.#one();
    if (this.type === 'counter') one.inc(Math.max(0, reading - one.value()));
    else one.set(reading);
  }

  #one(): Series {
    if (!this.#single) throw new Error(`metric ${this.name} has labels: use labels(...)`);
    return this.#single;
  }

  #add(values: readonly string[]): Series {
    const pairs = this.labelNames.map((label, at) => `${label}="${escapeLabel(values[at] ?? '')}"`).join(',');
    const series =
      this.type === 'histogram'
        ? new HistogramSeries(this.name, pairs, this.#buckets)
        : new NumberSeries(this.name, pairs, this.type);
    this.#children.set(values.join('\u0000'), series);
    return series;
  }
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
