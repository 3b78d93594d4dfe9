/** How long a session lives from log-in on, in milliseconds. It is not prolonged by use. */
export const SESSION_LIFETIME_MS = 12 * 3_600_000;

export function expiryOf(createdAt: Date): Date {
  return new Date(createdAt.getTime() + SESSION_LIFETIME_MS);
}
