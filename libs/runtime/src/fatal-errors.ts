import { Worker } from 'node:worker_threads';
import type { Logger } from '@gridworks/observability';

/** How long the last log line may take, ms. */
const LAST_WORDS_MS = 700;

/**
 * An error that nobody caught leaves the process in a state that nobody knows: it is logged and the process
 * ends with status 1, to be started anew. It ends within a second even where the log cannot be written (a full
 * disk, a reader that hangs): then by SIGKILL. Returns what takes the handlers away again.
 */
export function exitOnFatalErrors(logger: Logger): () => void {
  const fatal = (kind: string) => (error: unknown) => {
    killSelfAfter(LAST_WORDS_MS);
    try {
      // pino flushes what is buffered before it returns from `fatal`.
      logger.fatal(
        { error: error instanceof Error ? error : new Error(String(error)) },
        `${kind}: the process ends`,
      );
    } finally {
      process.exit(1);
    }
  };
  const onException = fatal('uncaught exception');
  const onRejection = fatal('unhandled rejection');
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}

/** From a thread of its own, since a blocked write also blocks every timer of this one. */
function killSelfAfter(ms: number): void {
  const source = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${ms})`;
  try {
    new Worker(source, { eval: true, execArgv: [], env: {} }).unref();
  } catch {
    // Without a second thread (no memory for one) the write is only bounded by what the log destination promises.
  }
}
