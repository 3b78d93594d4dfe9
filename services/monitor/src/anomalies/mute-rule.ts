import { MUTE_AFTER_BEGINS, MUTE_WITHIN_MS, UNMUTE_BELOW_BEGINS } from './paces.ts';

/** Mutes a metric that is odd again and again, until it has been calm for long enough. */
export class MuteRule {
  /** The latest begins, the oldest first; at most `MUTE_AFTER_BEGINS`. */
  #begins: number[] = [];
  muted = false;

  began(at: number): void {
    this.#begins.push(at);
    if (this.#begins.length > MUTE_AFTER_BEGINS) this.#begins.shift();
  }

  update(at: number): void {
    while (this.#begins.length > 0 && at - (this.#begins[0] as number) > MUTE_WITHIN_MS) this.#begins.shift();
    if (this.#begins.length >= MUTE_AFTER_BEGINS) this.muted = true;
    else if (this.#begins.length < UNMUTE_BELOW_BEGINS) this.muted = false;
  }
}
