/** RFC 3339, UTC. */
export const timestamp = (ms: number): string => new Date(ms).toISOString();
