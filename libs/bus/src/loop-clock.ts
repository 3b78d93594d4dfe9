const tickMs = 100;
const heldUpMs = 250;

let lastTurn = performance.now();
let watching = false;

/** Starts to watch the event loop of this process. Does not keep the process alive. */
export function watchLoop(): void {
  if (watching) return;
  watching = true;
  setInterval(() => {
    lastTurn = performance.now();
  }, tickMs).unref();
}

/**
 * For how long what arrives now may have lain unread, in milliseconds: 0 while the loop turns, else the time
 * since its last turn. A process that was stopped finds old requests in its sockets, and their headers tell
 * only how long the caller waits, since clocks differ.
 */
export function unreadForMs(): number {
  const idle = performance.now() - lastTurn;
  return idle > heldUpMs ? idle : 0;
}
