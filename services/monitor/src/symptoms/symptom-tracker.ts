import { createHash } from 'node:crypto';
import { newId, SIGNALS, type Symptom } from '@gridworks/contracts';
import { type Condition, conditionKey } from './condition.ts';
import { Hysteresis } from './hysteresis.ts';
import { timestamp } from './timestamp.ts';

/**
 * A symptom that was published as firing and not cleared yet: stored across a restart, so that it can be
 * cleared.
 */
export interface OpenSymptom {
  readonly symptom: Symptom;
  readonly traceparent: string;
}

/** Begins the trace of a new symptom; returns the traceparent. */
export type OpenTrace = (symptom: Symptom) => string;

/** Turns the conditions of each round into symptoms that begin once and end once. */
export class SymptomTracker {
  readonly #openTrace: OpenTrace;
  readonly #entries = new Map<string, { hysteresis: Hysteresis; open: OpenSymptom | null }>();

  constructor(openTrace: OpenTrace, open: readonly OpenSymptom[] = []) {
    this.#openTrace = openTrace;
    for (const one of open) {
      const hysteresis = new Hysteresis(SIGNALS[one.symptom.signal], true);
      this.#entries.set(conditionKey(one.symptom), { hysteresis, open: one });
    }
  }

  /** Symptoms that were published and not cleared. */
  open(): OpenSymptom[] {
    return [...this.#entries.values()].flatMap(({ open }) => (open ? [open] : []));
  }

  /** Processes one round. `conditions` holds all faults of this moment; anything absent is healthy. */
  evaluate(conditions: readonly Condition[], now: number): OpenSymptom[] {
    const published: OpenSymptom[] = [];
    const wrong = new Map(conditions.map((condition) => [conditionKey(condition), condition]));
    for (const key of new Set([...wrong.keys(), ...this.#entries.keys()])) {
      const condition = wrong.get(key);
      const entry = this.#entries.get(key) ?? {
        hysteresis: new Hysteresis(SIGNALS[condition!.signal]),
        open: null,
      };
      this.#entries.set(key, entry);
      const change = entry.hysteresis.update(condition !== undefined, now);
      if (change === 'raised' && condition) {
        const symptom = firing(condition, now);
        entry.open = { symptom, traceparent: this.#openTrace(symptom) };
        published.push(entry.open);
      } else if (change === 'cleared' && entry.open) {
        published.push({ ...entry.open, symptom: cleared(entry.open.symptom, now) });
        entry.open = null;
      }
      if (entry.hysteresis.idle) this.#entries.delete(key);
    }
    return published;
  }

  /** Time in which nothing could be observed counts neither way. */
  shift(ms: number): void {
    for (const { hysteresis } of this.#entries.values()) hysteresis.shift(ms);
  }
}

function firing(condition: Condition, now: number): Symptom {
  return {
    id: symptomId(condition),
    signal: condition.signal,
    target: condition.target,
    state: 'firing',
    began_at: timestamp(condition.beganAt),
    observed_at: timestamp(now),
    suspects: condition.suspects,
    evidence: { ...condition.evidence },
  };
}

function cleared(symptom: Symptom, now: number): Symptom {
  const firedFor = now - Date.parse(symptom.observed_at);
  return {
    ...symptom,
    state: 'cleared',
    observed_at: timestamp(now),
    evidence: { ...symptom.evidence, fired_for_ms: Math.round(firedFor) },
  };
}

/**
 * The id is derived from signal, target and begin, so that a symptom that is published again after a crash of
 * monitor is the same message and no second alarm.
 */
function symptomId(condition: Condition): string {
  const id = newId('symptom', Math.floor(condition.beganAt));
  const digest = createHash('sha256')
    .update(`${conditionKey(condition)}|${condition.beganAt}`)
    .digest('hex');
  const tail = BigInt(`0x${digest.slice(0, 24)}`)
    .toString(36)
    .toUpperCase()
    .padStart(13, '0')
    .slice(-13);
  return id.slice(0, -13) + tail;
}
