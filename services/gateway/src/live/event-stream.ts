/** The part of an HTTP response that an event stream needs. */
export interface Sink {
  write(text: string): boolean;
  end(): void;
  destroy(): void;
  /** Bytes that the client has not taken. */
  readonly writableLength: number;
}

export interface StreamOptions {
  readonly heartbeatMs: number;
  /**
   * The connection of a client that leaves more bytes than this unread is cut; the client reconnects by itself.
   */
  readonly maxBufferedBytes: number;
}

// The delay after which the browser reconnects when the connection ends, in ms.
const RECONNECT_MS = 2000;

/** One message of a server-sent event stream. `data` is JSON without line breaks. */
export function renderEvent(id: string, type: string, data: string): string {
  return `id: ${oneLine(id)}\nevent: ${oneLine(type)}\ndata: ${oneLine(data)}\n\n`;
}

const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ');

/** Server-sent events to one client. */
export class EventStream {
  readonly #sink: Sink;
  readonly #options: StreamOptions;
  readonly #heartbeat: NodeJS.Timeout;
  #open = true;

  constructor(sink: Sink, options: StreamOptions) {
    this.#sink = sink;
    this.#options = options;
    sink.write(`retry: ${RECONNECT_MS}\n: connected\n\n`);
    this.#heartbeat = setInterval(() => this.send(': heartbeat\n\n'), options.heartbeatMs).unref();
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Sends rendered text, or cuts the connection when the client reads too slowly. */
  send(text: string): void {
    if (!this.#open) return;
    if (this.#sink.writableLength > this.#options.maxBufferedBytes) {
      this.closed();
      this.#sink.destroy();
      return;
    }
    this.#sink.write(text);
  }

  /** Ends the stream; the client may reconnect. */
  end(): void {
    if (!this.#open) return;
    this.closed();
    this.#sink.end();
  }

  /** Call when the connection is gone. */
  closed(): void {
    this.#open = false;
    clearInterval(this.#heartbeat);
  }
}
