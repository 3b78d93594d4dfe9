/** A call in flight that can be given up. The links belong to the list. */
export interface TimedCall {
  /** When the call is given up (`performance.now()`), 0 until the first sweep after its start. */
  due: number;
  previous: TimedCall | null;
  next: TimedCall | null;
  giveUp(): void;
}

/** Milliseconds between sweeps. A call is given up at most two sweeps late, and never early. */
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
 * reading of the clock: one timer for the whole process, armed only while calls are in flight, stamps new
 * calls and gives up due ones. Between stamps the time is not known, so an idle or blocked event loop can
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

  /** Milliseconds since the call began, according to the last sweep. */
  elapsed(call: TimedCall): number {
    return call.due === 0 ? 0 : Math.max(0, performance.now() - (call.due - this.deadlineMs));
  }

  /** Stamps new calls, gives up due ones. False when no call is in flight any more. */
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
