import { watchEventLoop } from '@gridworks/observability';

const HELD_UP_MS = 250;
// A turn of the event loop reads at most 2 MB of a socket; the rest is read in the next turns.
const TURNS_TO_CATCH_UP = 10;

let watching = false;
let lastTurn = performance.now();
let heldUpSince: number | undefined;

/** Starts to watch the event loop of this process. Does not keep the process alive. */
export function watchLoop(): void {
  if (watching) return;
  watching = true;
  watchEventLoop(turn);
}

function turn(): void {
  const now = performance.now();
  if (now - lastTurn > HELD_UP_MS && heldUpSince === undefined) {
    heldUpSince = lastTurn;
    catchUp(TURNS_TO_CATCH_UP);
  }
  lastTurn = now;
}

function catchUp(turnsLeft: number): void {
  if (turnsLeft > 0) setImmediate(catchUp, turnsLeft - 1);
  else heldUpSince = undefined;
}

/**
 * `performance.now()` of the last look at a watched loop, at most 100 ms ago while the loop runs. Does not
 * read the clock.
 */
export const lastTurnAt = (): number => lastTurn;

/**
 * For how many milliseconds a message that arrives now may have been unread: 0 while the loop runs, else the
 * time since its last turn. A process that was stopped finds old requests in its sockets, and their headers
 * only say how long the caller waits, since clocks differ.
 */
export function unreadForMs(): number {
  const now = performance.now();
  const since = heldUpSince ?? lastTurn;
  return now - since > HELD_UP_MS ? now - since : 0;
}
