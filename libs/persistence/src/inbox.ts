import type { Database } from './database/database.ts';

/** The events that this consumer has consumed. */
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
