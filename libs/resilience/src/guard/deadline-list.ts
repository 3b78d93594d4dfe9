/** A call in flight that can be given up. Links belong to the list. */
export interface TimedCall {
  /** When it is given up (`performance.now()`), 0 until the clock's first look at it. */
  due: number;
  previous: TimedCall | null;
  next: TimedCall | null;
  giveUp(): void;
}

/** Milliseconds between looks. A call is given up this much late at most, twice over, and never early. */
export const TICK_MS = 10;

const lists = new Set<DeadlineList>();
let timer: NodeJS.Timeout | null = null;

function tick(): void {
  const now = performance.now();
  for (const list of lists) if (!list.sweep(now)) lists.delete(list);
  if (lists.size === 0 && timer !== null) {
    clearInterval(timer);
    timer = null;
  }
}

/**
 * Calls in flight that share one deadline, oldest first. A call that ends in time costs two links and no
 * look at a clock: one timer for the whole process, armed only while calls are in flight, stamps what is new
 * and gives up what is due. Between stamps nothing is known of time, so an idle or blocked event loop can
 * make a deadline late, but never early.
 */
export class DeadlineList {
  readonly deadlineMs: number;
  #oldest: TimedCall | null = null;
  #newest: TimedCall | null = null;
  #watched = false;

  constructor(deadlineMs: number) {
    this.deadlineMs = deadlineMs;
  }

  add(call: TimedCall): void {
    const newest = this.#newest;
    call.due = 0;
    call.previous = newest;
    if (newest === null) this.#oldest = call;
    else newest.next = call;
    this.#newest = call;
    if (!this.#watched) this.#watch();
  }

  remove(call: TimedCall): void {
    const { previous, next } = call;
    if (previous === null) this.#oldest = next;
    else previous.next = next;
    if (next === null) this.#newest = previous;
    else next.previous = previous;
    call.previous = call.next = null;
  }

  /** Milliseconds since the call began, as far as the clock has seen it. */
  elapsed(call: TimedCall): number {
    return call.due === 0 ? 0 : Math.max(0, performance.now() - (call.due - this.deadlineMs));
  }

  /** Stamps the new, gives up the due. False when nothing is in flight any longer. */
  sweep(now: number): boolean {
    const due = now + this.deadlineMs;
    for (let call = this.#newest; call !== null && call.due === 0; call = call.previous) call.due = due;
    for (let call = this.#oldest; call !== null && call.due !== 0 && call.due <= now; call = this.#oldest) {
      this.remove(call);
      call.giveUp();
    }
    this.#watched = this.#oldest !== null;
    return this.#watched;
  }

  #watch(): void {
    this.#watched = true;
    lists.add(this);
    timer ??= setInterval(tick, TICK_MS);
  }
}
