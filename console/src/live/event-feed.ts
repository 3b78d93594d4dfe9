import { portal } from '../api/portal.ts';
import { setConnection } from './connection.ts';

export interface FeedEvent {
  readonly type: string;
  readonly data: unknown;
}

type Message =
  | { readonly kind: 'event'; readonly event: FeedEvent }
  | { readonly kind: 'state'; readonly state: 'live' | 'lost' | 'connecting' }
  | { readonly kind: 'hello' };

/** The streams of the portal: of GridWorks' people, and of people of a partner. */
export type FeedPath = '/v1/admin/events' | '/v1/events';

const AGAIN_AFTER_MS = 5000;

export interface FeedListener {
  readonly onEvent: (event: FeedEvent) => void;
  /** Called when shown data may be out of date and must be fetched again. It never means "changes since". */
  readonly onResync: () => void;
}

/**
 * Follows the events of the portal with one stream for all tabs of this browser: the tab that holds the lock
 * reads the stream and passes events on; when that tab closes, another one takes over. Reconnects without
 * end.
 * @returns a function that ends it
 */
export function followEvents(path: FeedPath, { onEvent, onResync }: FeedListener): () => void {
  const stopped = new AbortController();
  // Tabs that follow another stream have a lock and a channel of their own.
  const name = `gridworks.events ${path}`;
  const channel = new BroadcastChannel(name);
  let leads = false;
  let state: 'live' | 'lost' | 'connecting' = 'connecting';

  const setState = (next: typeof state) => {
    const isBack = next === 'live' && state !== 'live';
    state = next;
    setConnection(navigator.onLine ? next : 'offline');
    if (leads) channel.postMessage({ kind: 'state', state } satisfies Message);
    if (isBack) onResync();
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    // A tab that opens later does not know the state of the stream: the leading tab sends it.
    if (data.kind === 'hello' && leads) channel.postMessage({ kind: 'state', state } satisfies Message);
    if (leads) return;
    if (data.kind === 'event') onEvent(data.event);
    if (data.kind === 'state') setState(data.state);
  };
  channel.postMessage({ kind: 'hello' } satisfies Message);
  setConnection(navigator.onLine ? 'connecting' : 'offline');

  const lead = async () => {
    leads = true;
    setState('connecting');
    while (!stopped.signal.aborted) {
      try {
        const stream = portal.stream(path, {
          signal: stopped.signal,
          onState: (now) => setState(now === 'open' ? 'live' : 'lost'),
        });
        for await (const { type, data } of stream) {
          channel.postMessage({ kind: 'event', event: { type, data } } satisfies Message);
          onEvent({ type, data });
        }
      } catch {
        // The session has ended, or the user lacks the permission: the next query opens the dialog, and the
        // stream is tried again.
        setState('lost');
      }
      await pause(AGAIN_AFTER_MS, stopped.signal);
    }
  };
  void navigator.locks
    .request(name, { signal: stopped.signal }, lead)
    .catch(() => undefined)
    .finally(() => {
      leads = false;
    });

  const onVisible = () => {
    if (document.hidden) return;
    channel.postMessage({ kind: 'hello' } satisfies Message);
    onResync();
  };
  const onOnline = () => {
    setConnection(state);
    onResync();
  };
  const onOffline = () => setConnection('offline');
  document.addEventListener('visibilitychange', onVisible);
  addEventListener('online', onOnline);
  addEventListener('offline', onOffline);
  return () => {
    stopped.abort();
    channel.close();
    document.removeEventListener('visibilitychange', onVisible);
    removeEventListener('online', onOnline);
    removeEventListener('offline', onOffline);
    setConnection('idle');
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
