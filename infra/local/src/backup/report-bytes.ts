import type { Progress } from '../terminal/progress.ts';

/** The time between two lines about a long copy, ms. */
const LINE_EVERY_MS = 5_000;

/** Runs a copy, and prints from time to time how far it is. */
export async function reportBytes<T>(
  progress: Progress,
  copy: (report: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  let bytes = 0;
  const lines = setInterval(
    () => progress.line('…', 'copy', `${(bytes / 1_000_000).toFixed(0)} MB so far`),
    LINE_EVERY_MS,
  );
  try {
    return await copy((so) => {
      bytes = so;
    });
  } finally {
    clearInterval(lines);
  }
}
