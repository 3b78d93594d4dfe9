import { fstatSync, writeSync } from 'node:fs';

/** The output for a human. */
export interface TerminalOutput {
  write(text: string): void;
}

/**
 * Standard output that never throws and never closes. A stream to a file is destroyed by its first failed
 * write (a full disk), and the reader of a pipe may stop reading (`npm start | head`); the portal continues.
 */
export function steadyOutput(): TerminalOutput {
  if (fstatSync(1).isFile()) {
    return {
      write: (text) => {
        try {
          writeSync(1, text);
        } catch {
          // This line is lost, the next is tried.
        }
      },
    };
  }
  process.stdout.on('error', () => {});
  return { write: (text) => void process.stdout.write(text) };
}
