import type { Database } from './database/database.ts';

/** Which of these events this consumer has taken in for good. */
export function takenIn(
  database: Database,
  consumer: string,
  eventIds: readonly string[],
): Promise<string[]> {
  return database.read(async (manager) => {
    const rows: { event_id: string }[] = await manager.query(
      `select event_id from inbox where consumer = $1 and event_id = any($2)`,
      [consumer, eventIds],
    );
    return rows.map((row) => row.event_id);
  });
}
