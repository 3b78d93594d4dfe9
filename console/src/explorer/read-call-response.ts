import { formatCount, plural } from '../ui/numbers.ts';

/** A problem document (RFC 9457) as the API sends it. */
export interface Problem {
  readonly title: string;
  readonly detail?: string;
  readonly code: string;
  readonly errors?: readonly { readonly detail: string; readonly pointer: string }[];
  readonly retry_after?: number;
}

const KB = 1000;
/** Longer bodies are cut for the screen: a browser shows more of them slowly, and nobody reads it. */
const LONGEST_SHOWN = 200_000;

/** The problem document of a response; null when it is another one. */
export function problemOf(type: string, json: unknown): Problem | null {
  if (!type.startsWith('application/problem+json') || typeof json !== 'object' || json === null) return null;
  const { title, code } = json as Partial<Problem>;
  return typeof title === 'string' && typeof code === 'string' ? (json as Problem) : null;
}

/** The body as a person reads it: JSON over several lines, anything else as it came. */
export function prettyBody(body: string, json: unknown): { readonly text: string; readonly isCut: boolean } {
  const text = json === undefined ? body : JSON.stringify(json, null, 2);
  return { text: text.slice(0, LONGEST_SHOWN), isCut: text.length > LONGEST_SHOWN };
}

export const formatBytes = (bytes: number): string =>
  bytes < KB ? `${bytes} bytes` : `${(bytes / KB).toFixed(1)} kB`;

/** `RateLimit: "burst";r=50;t=30` in words; null without the header. */
export function rateLimitWords(headers: readonly (readonly [string, string])[]): string | null {
  const value = headers.find(([name]) => name === 'ratelimit')?.[1] ?? '';
  const [, name, left, seconds] = /^"([^"]+)";r=(\d+);t=(\d+)/.exec(value) ?? [];
  if (!name || !left || !seconds) return null;
  return `${plural(Number(left), 'call')} left (${name}, renewed in ${formatCount(Number(seconds))} s)`;
}
