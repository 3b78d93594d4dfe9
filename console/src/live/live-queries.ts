import type { Query, QueryClient } from '@tanstack/react-query';
import { type FeedEvent, followEvents } from './event-feed.ts';

/**
 * Which queries an event changes, by the first part of their keys. A query that is to follow the stream has `meta: { live: true }`;
 * the key's first part is the name of its thing: `['incidents', ...]`.
 */
const CHANGES: readonly { readonly event: RegExp; readonly keys: readonly string[] }[] = [
  { event: /^incident\./, keys: ['incidents', 'healing', 'overview'] },
  { event: /^symptom\./, keys: ['health', 'incidents'] },
  { event: /^health\./, keys: ['health'] },
  { event: /^(breaker|pause|pattern|verdict|experiment|forecast)\./, keys: ['healing'] },
  { event: /^breaker\./, keys: ['breakers'] },
  { event: /^pause\./, keys: ['pauses'] },
  { event: /^pattern\./, keys: ['patterns'] },
  { event: /^verdict\./, keys: ['verdicts'] },
  { event: /^experiment\./, keys: ['chaos'] },
];
/** Events that come together refetch once. */
const GATHERED_MS = 80;

const isLive = ({ meta }: Query): boolean => meta?.live === true;

/** The first parts of the keys of all queries that an event puts out of date. */
export const keysChangedBy = (type: string): string[] => [
  ...new Set(CHANGES.filter(({ event }) => event.test(type)).flatMap(({ keys }) => keys)),
];

type Listener = (event: FeedEvent) => void;
const listeners = new Set<Listener>();
/** Each event as it comes, for who can use it before a refetch is back. Returns the end of it. */
export const onFeedEvent = (listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Keeps all live queries up to date. Returns the end of it. */
export function keepLive(client: QueryClient): () => void {
  let changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    const keys = changed;
    changed = new Set();
    timer = undefined;
    void client.invalidateQueries({
      predicate: (query) => isLive(query) && keys.has(String(query.queryKey[0])),
    });
  };
  const stop = followEvents({
    onEvent: (event) => {
      for (const listener of listeners) listener(event);
      const keys = keysChangedBy(event.type);
      for (const key of keys) changed.add(key);
      if (keys.length > 0) timer ??= setTimeout(flush, GATHERED_MS);
    },
    onResync: () => void client.invalidateQueries({ predicate: isLive }),
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
