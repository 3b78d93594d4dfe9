import { performance } from 'node:perf_hooks';

/** How often the loop is looked at while it works. */
const BUSY_EVERY_MS = 25;
/** The same while it idles. Most processes idle, and each look wakes one up. */
const IDLE_EVERY_MS = 100;
/** Share of the time since the last look in which the loop was not idle; above this it works. */
const BUSY_USE = 0.25;
/** A loop that worked is looked at more often for this much longer. */
const BUSY_FOR_MS = 2000;

/** Called at each look, with the milliseconds by which it came late. */
export type LoopListener = (lateMs: number) => void;

const listeners = new Set<LoopListener>();
let timer: NodeJS.Timeout | undefined;
let everyMs = IDLE_EVERY_MS;
let lookedAt = performance.now();
let busyAt = Number.NEGATIVE_INFINITY;
let use = performance.eventLoopUtilization();

/**
 * Looks at the event loop of this process again and again, by one timer for all who want to know how late it is. A look comes every
 * 100 ms while the loop idles, every 25 ms once it works: what blocks an idle loop first is seen up to 100 ms too short. Does
 * not keep the process alive. Returns a function that ends it.
 */
export function watchEventLoop(listener: LoopListener): () => void {
  if (listeners.size === 0) {
    lookedAt = performance.now();
    use = performance.eventLoopUtilization();
    arm(IDLE_EVERY_MS);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** Looks now, as it is done at each tick: a block that has just ended may not be seen otherwise. */
export function lookAtEventLoop(): void {
  const now = performance.now();
  const late = Math.max(0, now - lookedAt - everyMs);
  lookedAt = now;
  for (const listener of listeners) listener(late);
}

function arm(ms: number): void {
  everyMs = ms;
  clearInterval(timer);
  timer = setInterval(tick, ms).unref();
}

function tick(): void {
  lookAtEventLoop();
  const now = performance.eventLoopUtilization();
  if (performance.eventLoopUtilization(now, use).utilization > BUSY_USE) busyAt = lookedAt;
  use = now;
  const wanted = lookedAt - busyAt < BUSY_FOR_MS ? BUSY_EVERY_MS : IDLE_EVERY_MS;
  if (wanted !== everyMs) arm(wanted);
}
