import { type ComposedMessage, oneLine } from './compose-message.ts';

const CONNECT_MS = 3000;
const SILENCE_MS = 5000;
// Shorter than `silenceMs`, so that this process closes an idle connection before the next mail finds it
// dead.
const IDLE_MS = 4000;

/** The part of one attempt's message that was given to a server. */
export interface Body {
  /** True once the first byte was read for sending: from then on the server may have accepted the message. */
  readonly readableDidRead: boolean;
}

export interface TakenMessage {
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
}

type Mailer = Awaited<ReturnType<typeof openPool>>;

async function openPool(url: string, from: string) {
  const { createTransport } = await import('nodemailer');
  const mailer = createTransport(
    {
      url,
      pool: true,
      maxConnections: 2,
      maxRequeues: 0, // repeats are decided in one place, and not here
      idleTimeout: IDLE_MS,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: oneLine(from) },
  );
  mailer.on('error', () => undefined); // an error of an idle connection; the next mail gets a new one
  return mailer;
}

/** One mail server, over at most two open connections. The library is loaded with the first mail. */
export class SmtpRelay {
  readonly #url: string;
  readonly #from: string;
  readonly #watching = new WeakMap<object, (body: Body) => void>();
  #mailer: Promise<Mailer> | undefined;

  constructor(url: string, from: string) {
    this.#url = url;
    this.#from = from;
  }

  /**
   * One attempt, without a repeat. Rejects with the library's own error; when `signal` aborts, the connection
   * is closed. `onBody` receives the body that the server would get.
   */
  async deliver(
    message: ComposedMessage,
    signal: AbortSignal,
    onBody: (body: Body) => void,
  ): Promise<TakenMessage> {
    this.#mailer ??= this.#open();
    const mailer = await this.#mailer;
    const headers = { ...message.headers };
    this.#watching.set(signal, onBody);
    const info = await mailer.sendMail({ ...message, headers, signal });
    return { accepted: info.accepted ?? [], refused: info.rejected ?? [] };
  }

  /** Drops the open connections; a message that is being sent over one of them is sent to its end. */
  async reset(): Promise<void> {
    const mailer = this.#mailer;
    this.#mailer = undefined;
    (await mailer)?.close();
  }

  async #open(): Promise<Mailer> {
    const mailer = await openPool(this.#url, this.#from);
    mailer.use('stream', (mail, done) => {
      const create = mail.message.createReadStream.bind(mail.message);
      const { signal } = mail.data;
      mail.message.createReadStream = (...given) => {
        const stream = create(...given);
        if (signal) this.#watching.get(signal)?.(stream);
        return stream;
      };
      done();
    });
    return mailer;
  }
}
