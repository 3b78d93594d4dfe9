/** Handlers of the signals that end the portal. */
export interface EndingHandlers {
  /** The first signal, or the parent process is gone. */
  readonly drain: (reason: string) => void;
  /** Another one while draining. */
  readonly killNow: () => void;
}

/**
 * Ctrl-C reaches this process from the terminal and once more from npm, which passes it on: signals within
 * this time of the first count as the same signal.
 */
const SAME_SIGNAL_MS = 500;

/** Watches for signals and for the end of the bootstrap that started this process. */
export function watchForEnding(handlers: EndingHandlers, parentPid: number | undefined): void {
  let firstAt: number | undefined;
  const onSignal = (reason: string) => {
    if (firstAt === undefined) {
      firstAt = Date.now();
      handlers.drain(reason);
    } else if (Date.now() - firstAt > SAME_SIGNAL_MS) {
      handlers.killNow();
    }
  };
  process.on('SIGINT', () => onSignal('SIGINT'));
  process.on('SIGTERM', () => onSignal('SIGTERM'));
  // A terminal that closes ends its programs; a portal that was started without a terminal continues.
  process.on('SIGHUP', () => process.stdout.isTTY && onSignal('SIGHUP'));
  if (parentPid === undefined || process.ppid !== parentPid) return;
  const watch = setInterval(() => {
    if (process.ppid === parentPid) return;
    clearInterval(watch);
    onSignal('the process that started it is gone');
  }, 1_000);
  watch.unref();
}
