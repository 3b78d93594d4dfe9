import { Baseline } from './baseline.ts';
import type { MetricKind } from './metric-kinds.ts';
import { MuteRule } from './mute-rule.ts';
import { ACCEPT_AFTER_MS, FAST, SLOW, SYMPTOM_AFTER_MS, WARM_UP_MS } from './paces.ts';
import { StepFolder } from './step-folder.ts';

/** What the detector says about the latest step of a metric. */
export interface Assessment {
  readonly state: 'learning' | 'normal' | 'anomalous' | 'muted';
  /** 0: as always; 1: at the limit; at most 99. */
  readonly score: number;
  /** Values that would be usual now, in the unit of the metric; null while nothing is known. */
  readonly expected: readonly [low: number, high: number] | null;
  /** When the anomaly began, ms of the clock of the samples. */
  readonly since: number | null;
  /** The anomaly has lasted long enough to be published as a symptom. */
  readonly symptom: boolean;
  /** One sentence for a person. */
  readonly why: string;
}

/** A larger figure is no measurement; it would overflow differences. */
const LARGEST_VALUE = 1e100;
const LEARNING = 'Not enough was seen yet: the metric is only watched.';
const NORMAL = 'The metric changes as it usually does.';
const MUTED = 'The metric was odd too often in the last hours: it is muted, and its changes are learned.';

/** A figure with four digits, without an exponent for usual sizes. */
const shown = (value: number): string => String(Number(value.toPrecision(4)));

/**
 * Watches one metric. Pure: it knows no clock but `at`. Memory is constant (`bytes`); a sample costs a write
 * into the step, a step (10 s) two small sorts.
 */
export class AnomalyDetector {
  readonly #kind: MetricKind;
  readonly #fastSteps = new StepFolder(FAST.stepMs);
  readonly #slowSteps = new StepFolder(SLOW.stepMs);
  readonly #fast: Baseline;
  readonly #slow: Baseline;
  readonly #mute = new MuteRule();
  #lastAt = Number.NEGATIVE_INFINITY;
  #warmUntil = Number.NEGATIVE_INFINITY;
  #since: number | null = null;
  #assessment: Assessment = {
    state: 'learning',
    score: 0,
    expected: null,
    since: null,
    symptom: false,
    why: LEARNING,
  };

  constructor(kind: MetricKind) {
    this.#kind = kind;
    this.#fast = new Baseline(kind, FAST);
    this.#slow = new Baseline(kind, SLOW);
  }

  /** Bytes of all state that grows with the parameters; it never grows with the samples. */
  get bytes(): number {
    return this.#fastSteps.bytes + this.#slowSteps.bytes + this.#fast.bytes + this.#slow.bytes;
  }

  /**
   * One sample in the unit of the metric, null when it is missing; `at` in ms of a clock that only goes forward. A sample that is not later
   * than the one before it, or not a finite number, counts as missing. The assessment changes at the end of a step.
   */
  observe(value: number | null, at: number): Assessment {
    if (!(at > this.#lastAt) || !Number.isFinite(at)) return this.#assessment;
    this.#lastAt = at;
    const step = this.#fastSteps.advance(at);
    if (step !== undefined) this.#step(step, at);
    if (value !== null && Math.abs(value) < LARGEST_VALUE && at >= this.#warmUntil)
      this.#fastSteps.add(value);
    return this.#assessment;
  }

  /** The process behind the metric is a new one: its warm-up is no anomaly, a worse level after it is. */
  restart(at: number): void {
    this.#warmUntil = at + WARM_UP_MS;
    this.#since = null;
    this.#fastSteps.clear();
    this.#slowSteps.clear();
    // The level before it is what a new process is compared with for 5 minutes; hours before it say nothing.
    this.#fast.forgetNow();
    this.#slow.forgetLevel();
    this.#assessment = this.#judge(at);
  }

  #step(value: number, at: number): void {
    const frozen = this.#since !== null && !this.#mute.muted;
    this.#fast.step(value, at, frozen);
    const slow = this.#slowSteps.advance(at);
    if (slow !== undefined) this.#slow.step(slow, at, frozen);
    // What the fast pace has found is over at the slow pace when it is over at the fast one.
    if (!this.#fast.anomalous) this.#slowSteps.add(value);
    const anomalous = this.#fast.anomalous || this.#slow.anomalous;
    if (anomalous && this.#since === null) this.#mute.began(at);
    this.#since = anomalous ? (this.#since ?? at) : null;
    this.#mute.update(at);
    if (this.#since !== null && at - this.#since >= ACCEPT_AFTER_MS) this.#accept();
    this.#assessment = this.#judge(at);
  }

  #accept(): void {
    this.#fast.forgetLevel();
    this.#slow.forgetLevel();
    this.#since = null;
  }

  #judge(at: number): Assessment {
    const odd = this.#slow.score > this.#fast.score && this.#slow.judges ? this.#slow : this.#fast;
    const { score, expected } = odd;
    const since = this.#since;
    const rest = { score, expected, since, symptom: false };
    if (this.#mute.muted) return { ...rest, state: 'muted', why: MUTED };
    if (since === null) {
      if (!this.#fast.judges) return { ...rest, score: 0, state: 'learning', why: LEARNING };
      return { ...rest, state: 'normal', why: NORMAL };
    }
    const symptom = score >= 1 && at - since >= SYMPTOM_AFTER_MS;
    const [low, high] = expected ?? [0, 0];
    const pace = odd === this.#fast ? 'minutes' : 'hour';
    const why = `${shown(odd.value)} ${this.#kind.unit}, usual after the last ${pace}: ${shown(low)} to ${shown(high)}.`;
    return { ...rest, state: 'anomalous', symptom, why };
  }
}
