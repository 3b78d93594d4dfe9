import type { GatewayUnderTest } from './gateway-under-test.ts';

export interface WatchedStream {
  readonly response: Response;
  /** What has arrived until now, and whether the gateway has ended the stream. */
  readonly seen: { text: string; ended: boolean };
  readonly close: () => void;
}

/** Opens an event stream and reads it in the background. */
export async function watchEvents(
  gateway: GatewayUnderTest,
  path: string,
  bearer: string,
  headers: Record<string, string> = {},
): Promise<WatchedStream> {
  const abort = new AbortController();
  const response = await gateway.fetch(path, { bearer, headers, signal: abort.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const seen = { text: '', ended: false };
  void (async () => {
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done) break;
      seen.text += decoder.decode(value, { stream: true });
    }
    seen.ended = true;
  })();
  return { response, seen, close: () => abort.abort() };
}

/** The number of streams that the gateway has open. */
export async function openStreams(gateway: GatewayUnderTest): Promise<number> {
  const text = await (await fetch(`${gateway.healthUrl}/metrics`)).text();
  return Number(/^gateway_event_streams (\d+)$/m.exec(text)?.[1]);
}
