import type { Logger } from '@gridworks/observability';

/**
 * An error that nobody caught leaves the process in a state that nobody knows: it is logged and the process
 * ends with status 1, to be started anew. Returns what takes the handlers away again.
 */
export function exitOnFatalErrors(logger: Logger): () => void {
  const fatal = (kind: string) => (error: unknown) => {
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
