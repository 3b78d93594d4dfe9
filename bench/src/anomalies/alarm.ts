/** An alarm is on once its condition has held for `holdSeconds`, and off once it was absent for a minute. */
const OFF_AFTER_SECONDS = 60;

export class Alarm {
  readonly #holdSeconds: number;
  #since: number | null = null;
  #lastWrong = Number.NEGATIVE_INFINITY;
  on = false;

  constructor(holdSeconds: number) {
    this.#holdSeconds = holdSeconds;
  }

  /** One sample that was measured; missing samples change nothing. */
  update(wrong: boolean, second: number): boolean {
    if (wrong) {
      this.#since ??= second;
      this.#lastWrong = second;
      if (second - this.#since >= this.#holdSeconds) this.on = true;
    } else {
      this.#since = null;
      if (second - this.#lastWrong >= OFF_AFTER_SECONDS) this.on = false;
    }
    return this.on;
  }
}
