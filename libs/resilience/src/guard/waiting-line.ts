import type { GuardedCall } from './guarded-call.ts';

/** Calls that wait for a place, first come, first served. Linked through the calls themselves. */
export class WaitingLine {
  #first: GuardedCall | null = null;
  #last: GuardedCall | null = null;

  get empty(): boolean {
    return this.#first === null;
  }

  push(call: GuardedCall): void {
    call.behind = null;
    if (this.#last === null) this.#first = call;
    else this.#last.behind = call;
    this.#last = call;
  }

  shift(): GuardedCall | null {
    const call = this.#first;
    if (call === null) return null;
    this.#first = call.behind;
    if (this.#first === null) this.#last = null;
    call.behind = null;
    return call;
  }
}
