import type { Query, QueryClient } from '@tanstack/react-query';
import { type FeedEvent, type FeedPath, followEvents } from './event-feed.ts';

/**
 * The queries that an event changes, by the first part of their keys. A query that follows the stream has
 * `meta: { live: true }`; the first part of its key names its resource: `['incidents', ...]`.
 */
const CHANGES: readonly { readonly event: RegExp; readonly keys: readonly string[] }[] = [
  { event: /^incident\./, keys: ['incidents', 'healing', 'overview'] },
  { event: /^symptom\./, keys: ['health', 'incidents', 'checks'] },
  { event: /^(health|pause|verdict)\./, keys: ['overview'] },
  { event: /^health\./, keys: ['health'] },
  { event: /^(breaker|pause|pattern|verdict|experiment|forecast)\./, keys: ['healing'] },
  { event: /^breaker\./, keys: ['breakers'] },
  { event: /^pause\./, keys: ['pauses'] },
  { event: /^pattern\./, keys: ['patterns'] },
  { event: /^verdict\./, keys: ['verdicts'] },
  { event: /^experiment\./, keys: ['chaos'] },
  { event: /^audit\./, keys: ['audit'] },
];
/** Events within this time cause one refetch. */
const GATHERED_MS = 80;

const isLive = ({ meta }: Query): boolean => meta?.live === true;

/** The first parts of the keys of all queries that an event outdates. */
export const keysChangedBy = (type: string): string[] => [
  ...new Set(CHANGES.filter(({ event }) => event.test(type)).flatMap(({ keys }) => keys)),
];

type Listener = (event: FeedEvent) => void;
const listeners = new Set<Listener>();
/** Calls the listener with each event, before a refetch is finished. Returns a function that ends it. */
export const onFeedEvent = (listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Keeps all live queries up to date by a stream of events. Returns a function that ends it. */
export function keepLive(client: QueryClient, path: FeedPath): () => void {
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
  const stop = followEvents(path, {
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
