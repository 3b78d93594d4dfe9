import { fullJitter } from '@gridworks/resilience/browser';
import type { Caller } from './caller.ts';
import { PortalError } from './portal-error.ts';
import { readResponse } from './read-response.ts';
import { wait } from './wait.ts';

/** One event of a stream. `data` is parsed when it is JSON. */
export interface StreamEvent<T = unknown> {
  readonly type: string;
  readonly data: T;
  readonly id: string | null;
}

export interface StreamOptions {
  readonly signal?: AbortSignal;
  /**
   * Called with `open` when the stream delivers (again), and with `lost` and the reason when it does not.
   * Fetch the shown data again at each `open`.
   */
  readonly onState?: (state: 'open' | 'lost', error?: unknown) => void;
  /** Without a byte for this time the stream counts as lost, in milliseconds. 45,000. */
  readonly silenceMs?: number;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/**
 * The server-sent events of a path, without end: a broken stream is connected again with the id of the last
 * event. Ends only with the signal, or throws an error that a repeat cannot resolve (401, 403, 404).
 */
export async function* streamEvents<T>(
  caller: Caller,
  path: string,
  options: StreamOptions = {},
): AsyncGenerator<StreamEvent<T>> {
  const { signal, onState, silenceMs = 45_000 } = options;
  let lastId: string | null = null;
  let retryMs = FIRST_WAIT_MS;
  for (let failures = 0; !signal?.aborted; failures++) {
    const silence = new Silence(silenceMs, signal);
    try {
      const headers = {
        accept: 'text/event-stream',
        ...(lastId === null ? {} : { 'last-event-id': lastId }),
      };
      const response = await caller.fetch(path, { headers, signal: silence.signal });
      if (!response.ok || !response.body) await readResponse(response);
      failures = 0;
      onState?.('open');
      for await (const event of parseEvents(
        response.body!,
        (ms) => (retryMs = ms),
        () => silence.postpone(),
      )) {
        lastId = event.id ?? lastId;
        yield event as StreamEvent<T>;
      }
      onState?.('lost');
    } catch (error) {
      if (signal?.aborted) return;
      onState?.('lost', error);
      if (error instanceof PortalError && error.status !== null && error.status < 500 && error.status !== 429)
        throw error;
    } finally {
      silence.end();
    }
    await wait(retryMs + fullJitter(failures, retryMs, LONGEST_WAIT_MS, Math.random), signal).catch(
      () => undefined,
    );
  }
}

/** Aborts when no byte arrived for a while, or when the caller's signal is aborted. */
class Silence {
  readonly #controller = new AbortController();
  readonly #ms: number;
  readonly #outer: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number, outer: AbortSignal | undefined) {
    this.#ms = ms;
    this.#outer = outer;
    outer?.addEventListener('abort', this.#abort, { once: true });
    this.postpone();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  postpone(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#abort, this.#ms);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
    this.#controller.abort();
  }

  readonly #abort = (): void => this.#controller.abort();
}

/** The events of a body in the format of server-sent events (WHATWG HTML, 9.2). */
export async function* parseEvents(
  body: ReadableStream<Uint8Array>,
  onRetry: (ms: number) => void = () => undefined,
  onBytes: () => void = () => undefined,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  let event = { type: '', data: [] as string[], id: null as string | null };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      rest += decoder.decode(value, { stream: true });
      // A lone CR at the end may be the first half of CRLF.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop()!;
      for (const line of lines) {
        if (line === '') {
          if (event.data.length > 0)
            yield { type: event.type || 'message', data: parse(event.data.join('\n')), id: event.id };
          event = { type: '', data: [], id: event.id };
          continue;
        }
        const [, field = '', text = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
        if (field === 'event') event.type = text;
        else if (field === 'data') event.data.push(text);
        else if (field === 'id') event.id = text;
        else if (field === 'retry' && /^\d+$/.test(text)) onRetry(Number(text));
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
