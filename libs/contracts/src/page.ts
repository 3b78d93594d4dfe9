/** One page of a list, newest first. */
export interface Page<T> {
  readonly data: T[];
  readonly has_more: boolean;
}

/**
 * Cuts a page out of rows that were read with `limit + 1`, so that the surplus row tells whether there are more.
 * Rows read forward (after `starting_after`, or from the top) come newest first; rows read backward (before
 * `ending_before`) come oldest first and are turned round.
 */
export function pageOf<T>(rows: readonly T[], limit: number, backward: boolean): Page<T> {
  const data = rows.slice(0, limit);
  return { data: backward ? data.reverse() : data, has_more: rows.length > limit };
}
