/** One page of a list, newest first. */
export interface Page<T> {
  readonly data: T[];
  readonly has_more: boolean;
}

/**
 * The maximum size of the rows of a page together, in bytes of JSON. Half of what one message on the bus may
 * have.
 */
export const MAX_PAGE_BYTES = 512 * 1024;

/**
 * Cuts a page out of rows that were read with `limit + 1`, so that the surplus row shows whether there are
 * more. Rows read forward (after `starting_after`, or from the top) come newest first; rows read backward
 * (before `ending_before`) come oldest first and are reversed. A page ends earlier, with `has_more`, when its
 * rows would become larger than `MAX_PAGE_BYTES`; it has at least one row.
 */
export function pageOf<T>(rows: readonly T[], limit: number, backward: boolean): Page<T> {
  const data = rows.slice(0, rowsThatFit(rows, limit));
  const has_more = rows.length > data.length;
  return { data: backward ? data.reverse() : data, has_more };
}

function rowsThatFit(rows: readonly unknown[], limit: number): number {
  let bytes = 0;
  let count = 0;
  for (const row of rows.slice(0, limit)) {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes > MAX_PAGE_BYTES && count > 0) break;
    count++;
  }
  return count;
}
