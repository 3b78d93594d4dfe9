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

/**
 * Enters events in the consumer's inbox without their effect: no outbox publishes them again, and a delivery
 * that is still to come changes nothing. Returns how many were entered now.
 */
export function discardIn(
  database: Database,
  consumer: string,
  eventIds: readonly string[],
): Promise<number> {
  return database.transaction(async ({ manager }) => {
    const rows: unknown[] = await manager.query(
      `insert into inbox (consumer, event_id) select $1, unnest($2::text[])
       on conflict do nothing returning event_id`,
      [consumer, eventIds],
    );
    return rows.length;
  });
}
