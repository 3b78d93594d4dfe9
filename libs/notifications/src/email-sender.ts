import { randomUUID } from 'node:crypto';
import { AppError } from '@gridworks/contracts';
import { NOTIFICATION_REFUSED } from './notification.errors.ts';
import { smtpFailure } from './smtp-failure.ts';

export interface Email {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /**
   * Names the message, `<inc_1.resolved@portal>`: what is sent twice under one id is shown once. Default: random.
   */
  readonly messageId?: string;
  /** Message id of the mail that this one answers, so that readers show both in one thread. */
  readonly inReplyTo?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface EmailReceipt {
  readonly messageId: string;
  readonly accepted: readonly string[];
  /** Recipients that the server refused while it took the others. */
  readonly refused: readonly string[];
}

export interface EmailSender {
  /**
   * Resolves when the server took it for at least one recipient. At most 10 s.
   * @throws AppError NOTIFICATIONS.DEFERRED, NOTIFICATIONS.UNCERTAIN or NOTIFICATIONS.REFUSED
   */
  send(email: Email): Promise<EmailReceipt>;
  close(): void;
}

export interface SmtpOptions {
  /** `smtp[s]://[user:password@]host[:port]` */
  readonly url: string;
  /** `Name <address>` */
  readonly from: string;
}

const connectMs = 3000;
const silenceMs = 5000;
const wholeMs = 10_000;
// Shorter than `silenceMs`, so that an idle connection is closed by us and not found dead by the next mail.
const idleMs = 4000;
const messageIdForm = /^<[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+>$/;
const subjectLength = 200;
const headerName = /^[A-Za-z0-9-]+$/;

/** One line, whatever a text contains: a line break would begin a header of somebody else's choice. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim();
}

type Mailer = Awaited<ReturnType<typeof openPool>>;

async function openPool(options: SmtpOptions) {
  const { createTransport } = await import('nodemailer');
  const mailer = createTransport(
    {
      url: options.url,
      pool: true,
      maxConnections: 2,
      maxRequeues: 1,
      idleTimeout: idleMs,
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: silenceMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: oneLine(options.from) },
  );
  mailer.on('error', () => undefined); // of an idle connection; whoever sends next gets a new one
  return mailer;
}

/** Sends mail by SMTP over at most two kept connections. The library is loaded with the first mail. */
export class SmtpEmailSender implements EmailSender {
  readonly #options: SmtpOptions;
  /** Bodies under way, by message id: one that was read from was handed over at least in part. */
  readonly #bodies = new Map<string, { readonly readableDidRead: boolean }>();
  #mailer: Promise<Mailer> | undefined;
  #closed = false;

  constructor(options: SmtpOptions) {
    this.#options = options;
  }

  async send(email: Email): Promise<EmailReceipt> {
    if (this.#closed) throw new AppError(NOTIFICATION_REFUSED, { detail: 'the sender is closed' });
    const messageId = email.messageId ?? `<${randomUUID()}@gridworks.example>`;
    const message = compose(email, messageId);
    this.#mailer ??= this.#open();
    const mailer = await this.#mailer;
    try {
      const info = await mailer.sendMail({ ...message, signal: AbortSignal.timeout(wholeMs) });
      return { messageId, accepted: info.accepted ?? [], refused: info.rejected ?? [] };
    } catch (error) {
      throw smtpFailure(error, this.#bodies.get(messageId)?.readableDidRead === true);
    } finally {
      this.#bodies.delete(messageId);
    }
  }

  close(): void {
    this.#closed = true;
    void this.#mailer?.then((mailer) => mailer.close());
  }

  async #open(): Promise<Mailer> {
    const mailer = await openPool(this.#options);
    mailer.use('stream', (mail, done) => {
      const create = mail.message.createReadStream.bind(mail.message);
      mail.message.createReadStream = (...given) => {
        const stream = create(...given);
        this.#bodies.set(String(mail.data.messageId), stream);
        return stream;
      };
      done();
    });
    return mailer;
  }
}

function compose(email: Email, messageId: string) {
  if (email.to.length === 0) throw new AppError(NOTIFICATION_REFUSED, { detail: 'a mail needs a recipient' });
  for (const id of [messageId, email.inReplyTo]) {
    if (id !== undefined && !messageIdForm.test(id))
      throw new AppError(NOTIFICATION_REFUSED, { detail: 'a message id has the form <name@host>' });
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(email.headers ?? {})) {
    if (!headerName.test(name))
      throw new AppError(NOTIFICATION_REFUSED, { detail: 'a header has an impossible name' });
    headers[name] = oneLine(value);
  }
  return {
    messageId,
    to: email.to.map(oneLine),
    subject: oneLine(email.subject).slice(0, subjectLength),
    text: email.text,
    headers,
    ...(email.html === undefined ? {} : { html: email.html }),
    ...(email.inReplyTo === undefined ? {} : { inReplyTo: email.inReplyTo, references: email.inReplyTo }),
  };
}
