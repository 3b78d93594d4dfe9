import { randomUUID } from 'node:crypto';
import { AppError } from '@gridworks/contracts';
import { type HealingEnvironment, processEnvironment, withSelfHealing } from '@gridworks/resilience';
import { type ComposedMessage, composeMessage } from './compose-message.ts';
import type { Email } from './email.ts';
import { NOTIFICATION_REFUSED } from './notification.errors.ts';
import { smtpFailure, wasRefused } from './smtp-failure.ts';
import { type Body, SmtpRelay, type TakenMessage } from './smtp-relay.ts';

export interface EmailReceipt {
  readonly messageId: string;
  readonly accepted: readonly string[];
  /** Recipients that the server refused while it accepted the others. */
  readonly refused: readonly string[];
}

export interface EmailSender {
  /**
   * Resolves when a server accepted the mail for at least one recipient. Takes at most 10 s.
   * @throws AppError NOTIFICATIONS.DEFERRED, NOTIFICATIONS.UNCERTAIN or NOTIFICATIONS.REFUSED
   */
  send(email: Email): Promise<EmailReceipt>;
  close(): void;
}

export interface SmtpOptions {
  /** The service that sends the mail: errors are reported as those of `<service>.smtp.send`. */
  readonly service: string;
  /** `smtp[s]://[user:password@]host[:port]` */
  readonly url: string;
  /** Another relay of the same form, used when the first one certainly did not accept the mail. */
  readonly backupUrl?: string | undefined;
  /** `Name <address>` */
  readonly from: string;
  /** Default: the environment of the process. */
  readonly environment?: HealingEnvironment | undefined;
}

type RelayName = 'primary' | 'backup';

/** One mail on its way, through all of its attempts. */
interface Delivery {
  readonly relay: RelayName;
  readonly message: ComposedMessage;
  /** Aborts when the caller stops waiting: an attempt that still runs then ends before it hands over more. */
  readonly signal: AbortSignal;
  /** Bodies of the attempts whose server has not reported that it refuses the message. */
  readonly bodies: Set<Body>;
}

const WHOLE_MS = 10_000;
/** One accepted mail is proof enough. */
const CLOSES_AFTER = 1;
/** Without a backup: a single relay is tried more often. */
const ALONE = { attempts: 2, consecutiveFailures: 3, halfOpenAfterMs: 1_000 };
/** An attempt that hangs takes 3 s, and of the 10 s enough must be left for the backup. */
const WITH_BACKUP = { attempts: 1, consecutiveFailures: 2, halfOpenAfterMs: 5_000 };

/**
 * Sends mail by SMTP. A mail that was certainly not accepted is sent again, also by the backup relay when
 * there is one. Once a server may have accepted the message, it is not sent again here.
 */
export class SmtpEmailSender implements EmailSender {
  readonly #relays: Partial<Record<RelayName, SmtpRelay>>;
  readonly #untaken = new WeakSet<object>();
  readonly #deliver: (delivery: Delivery) => Promise<TakenMessage>;
  #closed = false;

  constructor({ service, url, backupUrl, from, environment = processEnvironment }: SmtpOptions) {
    const source = `${service}.smtp.send`;
    this.#relays = { primary: new SmtpRelay(url, from) };
    if (backupUrl !== undefined) {
      this.#relays.backup = new SmtpRelay(backupUrl, from);
      const { attempts, ...limits } = ALONE;
      environment.breakers.named(`${source}@backup`, { ...limits, closesAfter: CLOSES_AFTER });
    }
    const { attempts, ...limits } = backupUrl === undefined ? ALONE : WITH_BACKUP;
    const resetConnection = async () => this.#relays.primary?.reset();
    this.#deliver = withSelfHealing((delivery: Delivery) => this.#attempt(delivery), {
      source,
      environment,
      category: 'api',
      dependency: 'smtp',
      deadlineMs: WHOLE_MS,
      leftNothing: (error) => typeof error === 'object' && error !== null && this.#untaken.has(error),
      retry: { attempts, baseMs: 250, capMs: 1_000, maxRetryAfterMs: 5_000 },
      breaker: { ...limits, closesAfter: CLOSES_AFTER, name: 'smtp', recover: resetConnection },
      bulkhead: false, // the relay has at most two connections, and mails wait for them anyway
      resetConnection,
      ...(backupUrl === undefined
        ? {}
        : {
            endpoints: {
              primary: 'primary',
              backups: ['backup'],
              at: (relay, [delivery]) => [{ ...delivery, relay: relay as RelayName }],
            },
          }),
    });
  }

  async send(email: Email): Promise<EmailReceipt> {
    if (this.#closed) throw new AppError(NOTIFICATION_REFUSED, { detail: 'the sender is closed' });
    const messageId = email.messageId ?? `<${randomUUID()}@gridworks.example>`;
    const message = composeMessage(email, messageId);
    const ended = new AbortController();
    const bodies = new Set<Body>();
    try {
      const taken = await this.#deliver({ relay: 'primary', message, bodies, signal: ended.signal });
      return { messageId, ...taken };
    } catch (error) {
      // The first attempt's error, whatever errors the others met: the result depends on what all attempts
      // together handed over.
      throw smtpFailure(error, [...bodies].some(wasRead));
    } finally {
      ended.abort();
    }
  }

  close(): void {
    this.#closed = true;
    for (const relay of Object.values(this.#relays)) void relay.reset();
  }

  async #attempt({ relay, message, signal, bodies }: Delivery): Promise<TakenMessage> {
    const mine: Body[] = [];
    try {
      return await this.#relays[relay]!.deliver(message, AbortSignal.any([signal]), (body) => {
        mine.push(body);
        bodies.add(body);
      });
    } catch (error) {
      if (!mine.some(wasRead) && typeof error === 'object' && error !== null) this.#untaken.add(error);
      if (wasRefused(error)) for (const body of mine) bodies.delete(body);
      throw error;
    }
  }
}

const wasRead = ({ readableDidRead }: Body): boolean => readableDidRead;
