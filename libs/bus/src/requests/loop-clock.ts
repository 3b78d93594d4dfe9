const tickMs = 100;
const heldUpMs = 250;
// A turn reads 2 MB of a socket at most; what arrived meanwhile is read within the next turns.
const turnsToCatchUp = 10;

let watching = false;
let lastTurn = performance.now();
let heldUpSince: number | undefined;

/** Starts to watch the event loop of this process. Does not keep the process alive. */
export function watchLoop(): void {
  if (watching) return;
  watching = true;
  setInterval(turn, tickMs).unref();
}

function turn(): void {
  const now = performance.now();
  if (now - lastTurn > heldUpMs && heldUpSince === undefined) {
    heldUpSince = lastTurn;
    catchUp(turnsToCatchUp);
  }
  lastTurn = now;
}

function catchUp(turnsLeft: number): void {
  if (turnsLeft > 0) setImmediate(catchUp, turnsLeft - 1);
  else heldUpSince = undefined;
}

/** `performance.now()` of the last tick of a watched loop, at most 100 ms ago while it turns. Costs no look at the clock. */
export const lastTurnAt = (): number => lastTurn;

/**
 * For how long what arrives now may have lain unread, in milliseconds: 0 while the loop turns, else the time
 * since it last did. A process that was stopped finds old requests in its sockets, and their headers tell only
 * how long the caller waits, since clocks differ.
 */
export function unreadForMs(): number {
  const now = performance.now();
  const since = heldUpSince ?? lastTurn;
  return now - since > heldUpMs ? now - since : 0;
}
