export type MetricType = 'counter' | 'gauge' | 'histogram';

/** One series. Keep it in a variable on a hot path: then a call is an addition and no look-up. */
export interface MetricChild {
  /** Counters and gauges. Negative amounts only for gauges. */
  inc(amount?: number): void;
  /** Gauges. */
  dec(amount?: number): void;
  /** Gauges. */
  set(value: number): void;
  /** Histograms. */
  observe(value: number): void;
  /** Counters and gauges: the value now. Histograms: how many were observed. */
  value(): number;
}

// Beyond it all further label values share one series: a label that carries ids must not eat the memory.
const maxChildren = 1000;
const overflow = 'other';
const nameForm = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelForm = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A metric with its label names. Without labels it is itself the one series. */
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
    if (!nameForm.test(name)) throw new Error(`not a metric name: ${name}`);
    for (const label of labelNames) if (!labelForm.test(label)) throw new Error(`not a label name: ${label}`);
    this.type = type;
    this.name = name;
    this.help = help;
    this.labelNames = labelNames;
    this.#buckets = buckets;
    this.#read = read;
    if (labelNames.length === 0) this.#single = this.#add([]);
  }

  /** The series with these label values, in the order of the names. Bind it once, use it often. */
  labels(...values: string[]): MetricChild {
    if (values.length !== this.labelNames.length)
      throw new Error(
        `metric ${this.name} needs ${this.labelNames.length} label values, got ${values.length}`,
      );
    const found = this.#children.get(values.join('\u0000'));
    if (found) return found;
    if (this.#children.size < maxChildren) return this.#add(values);
    const rest = values.map(() => overflow);
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

  /** Its lines in Prometheus' text format. A gauge whose reading throws shows no value. */
  render(): string {
    const head = `# HELP ${this.name} ${this.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${this.name} ${this.type}\n`;
    if (this.#read) {
      try {
        this.#one().set(this.#read());
      } catch {
        return head;
      }
    }
    return head + [...this.#children.values()].map((series) => series.render()).join('');
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

interface Series extends MetricChild {
  render(): string;
}

class NumberSeries implements Series {
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
  value(): number {
    return this.#value;
  }
  render(): string {
    return `${this.#head} ${formatNumber(this.#value)}\n`;
  }
}

class HistogramSeries implements Series {
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

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}
