import type { ErrorCapture } from '@gridworks/resilience';
import { LRUCache } from 'lru-cache';

const HOUR_MS = 3_600_000;
const REMEMBERED = 1_000;
const SHORT_MESSAGE = 300;
const STEPS = 20;

/** Reports an error in full once an hour, and without its stack in between. */
export class RepeatShortener {
  /** When an error of a call site was last reported in full. */
  readonly #reported = new LRUCache<string, number>({ max: REMEMBERED });
  readonly #now: () => number;

  /** `now`: milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The capture in the form in which it is sent: in full unless it was reported recently. */
  shorten(capture: ErrorCapture): ErrorCapture {
    const reported = this.#reported.get(keyOf(capture));
    const steps = capture.steps.slice(0, STEPS);
    if (reported === undefined || this.#now() - reported >= HOUR_MS) return { ...capture, steps };
    const { error } = capture;
    const message =
      error.message.length <= SHORT_MESSAGE ? error.message : `${error.message.slice(0, SHORT_MESSAGE)}…`;
    return { ...capture, steps, error: { ...error, message, stack: null } };
  }

  /** Called when the capture is sent: the same error within the hour is a repeat. */
  reported(capture: ErrorCapture): void {
    const key = keyOf(capture);
    const reported = this.#reported.get(key);
    const now = this.#now();
    if (reported !== undefined && now - reported < HOUR_MS) return;
    this.#reported.set(key, now);
  }
}

const keyOf = ({ source, fingerprint }: ErrorCapture): string => `${source} ${fingerprint}`;
