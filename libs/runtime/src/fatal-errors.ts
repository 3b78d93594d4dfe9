import { Worker } from 'node:worker_threads';
import type { Logger } from '@gridworks/observability';

/** The time limit for the last log line, ms. */
const LAST_WORDS_MS = 700;

/**
 * After an uncaught error the state of the process is unknown: the error is logged and the process ends with
 * status 1, to be started again. It ends within a second even where the log cannot be written (a full disk, a
 * reader that hangs): then by SIGKILL. Output to the console that cannot be written (a warning of Node, a line of a library) is lost and
 * is no such error; log lines have a destination of their own. Returns a function that removes the handlers.
 */
export function exitOnFatalErrors(logger: Logger): () => void {
  const endAfter = (log: (error: Error) => void) => (error: unknown) => {
    killSelfAfter(LAST_WORDS_MS);
    try {
      // pino flushes its buffer before it returns from a line of level `fatal`.
      log(error instanceof Error ? error : new Error(String(error)));
    } finally {
      process.exit(1);
    }
  };
  const onException = endAfter((error) => logger.log('process.exception_uncaught', { error }));
  const onRejection = endAfter((error) => logger.log('process.rejection_unhandled', { error }));
  const onLostOutput = () => {};
  const outputs = [process.stdout, process.stderr];
  for (const output of outputs) output.on('error', onLostOutput);
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    for (const output of outputs) output.off('error', onLostOutput);
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}

/** From a thread of its own, since a blocked write also blocks every timer of this thread. */
function killSelfAfter(ms: number): void {
  const source = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${ms})`;
  try {
    new Worker(source, { eval: true, execArgv: [], env: {} }).unref();
  } catch {
    // Without a second thread (not enough memory) the write is limited only by the log destination.
  }
}
