import { SIGNALS } from '@gridworks/contracts';
import type { OpenSymptom } from './symptom-tracker.ts';

/**
 * Symptoms to be published, in order, while the bus may be away. A state that ended before it could be
 * published is dropped.
 */
export class SymptomQueue {
  readonly #waiting: OpenSymptom[] = [];
  #sending: OpenSymptom | undefined;

  get length(): number {
    return this.#waiting.length + (this.#sending ? 1 : 0);
  }

  add(published: OpenSymptom): void {
    const { id, signal, state } = published.symptom;
    if (state === 'cleared' && !SIGNALS[signal].momentary) {
      const unsaid = this.#waiting.findIndex(({ symptom }) => symptom.id === id);
      if (unsaid >= 0) {
        this.#waiting.splice(unsaid, 1);
        return;
      }
    }
    this.#waiting.push(published);
  }

  /** All waiting symptoms, in order. */
  waiting(): OpenSymptom[] {
    return [...(this.#sending ? [this.#sending] : []), ...this.#waiting];
  }

  /**
   * Removes a symptom that reached the healer in another way. One that is being sent stays until that ended.
   */
  arrived(one: OpenSymptom): void {
    const index = this.#waiting.indexOf(one);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /** The next symptom to send, until `sent` or `failed` reports the outcome. Undefined when there is none. */
  take(): OpenSymptom | undefined {
    if (this.#sending) return undefined;
    this.#sending = this.#waiting.shift();
    return this.#sending;
  }

  sent(): void {
    this.#sending = undefined;
  }

  /**
   * The symptom stays first: it may have arrived with its acknowledgement lost, and is sent again as the same
   * message.
   */
  failed(): void {
    if (this.#sending) this.#waiting.unshift(this.#sending);
    this.#sending = undefined;
  }
}
