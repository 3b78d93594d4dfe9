/** Milliseconds since the epoch that never jump: a corrected wall clock must accuse nobody of silence. */
export type Clock = () => number;

export const steadyClock: Clock = () => performance.timeOrigin + performance.now();

/** RFC 3339, UTC. */
export const timestamp = (ms: number): string => new Date(ms).toISOString();
