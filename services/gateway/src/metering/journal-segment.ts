/** `usage-000000000042.ndjson`: one JSON record a line, in the order of the responses. */
const PATTERN = /^usage-(\d{12})\.ndjson$/;

export const segmentName = (number: number): string => `usage-${String(number).padStart(12, '0')}.ndjson`;

/** The numbers of the segments among the files of a directory, oldest first. */
export function segmentNumbers(files: readonly string[]): number[] {
  return files
    .flatMap((file) => PATTERN.exec(file)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** A place in the journal: everything before it was stored by the bus. */
export interface Cursor {
  readonly segment: number;
  /** Bytes. */
  readonly offset: number;
}

/**
 * The whole lines at the start of `bytes`, at most `limit`, and their length in bytes. The rest may be a line
 * whose write was cut off by a crash: its call never got a response.
 */
export function wholeLines(bytes: Buffer, limit: number): { lines: string[]; length: number } {
  const lines: string[] = [];
  let start = 0;
  while (lines.length < limit) {
    const end = bytes.indexOf(10, start);
    if (end === -1) break;
    if (end > start) lines.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  return { lines, length: start };
}
