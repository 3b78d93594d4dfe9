import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, type Incident } from '@gridworks/contracts';
import { type Logger, withSpan } from '@gridworks/observability';
import type { IncidentRepository } from '../incidents/incident.repository.ts';
import {
  claimMail,
  isTrue,
  mailDue,
  mailRefused,
  mailSent,
  prepareMail,
} from '../incidents/incident-mail.ts';
import type { IncidentRecord, MailClaim } from '../incidents/incident-record.ts';
import { instant } from '../incidents/revision.ts';
import { RecentIds } from '../state/recent-ids.ts';

/** Sends the mail. Throws an AppError whose `retryable` says whether to try again. */
export interface MailSender {
  incident(incident: Incident): Promise<unknown>;
}

/** Pauses between attempts, in milliseconds; the last one repeats. */
const PAUSES_MS = [500, 1000, 2000, 5000, 15_000, 30_000];
/** When another healer's last attempt is older than this, that healer is gone. */
const ABANDONED_AFTER_MS = 120_000;

/**
 * Sends exactly one mail about an incident. The healer that claims the mail by compare-and-set sends it, in
 * the background, and retries while the mail server is away. A mail that is sent again after a crash has the
 * same message id.
 */
export class IncidentMailer {
  readonly #sending = new Set<string>();
  readonly #delivered = new RecentIds(1000);
  readonly #work = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #me: string;

  constructor(
    private readonly incidents: IncidentRepository,
    private readonly sender: MailSender,
    private readonly holder: {
      readonly instance: string;
      readonly boot: string;
      readonly recipients: number;
    },
    private readonly clock: () => number,
    private readonly logger: Pick<Logger, 'log'>,
  ) {
    this.#me = `${holder.instance}#${holder.boot}`;
  }

  /** Claims the incident's mail unless it is claimed, and sends it. Never throws, never waits. */
  notify(id: string, kind: MailClaim['kind']): void {
    this.#background(id, async () => {
      const record = await this.incidents.change(id, (latest) =>
        latest.merged_into === null ? claimMail(latest, kind, this.#me, this.clock()) : latest,
      );
      if (this.#isMine(record) && !record.mail?.sent) await this.#send(record, false);
    });
  }

  /** Continues mails that were claimed and not sent, or are due and not claimed. Called every few seconds. */
  sweep(): void {
    for (const record of this.incidents.all()) {
      const { incident, mail } = record;
      if (this.#sending.has(incident.id)) continue;
      const due = mailDue(record);
      if (due !== null) this.notify(incident.id, due);
      else if (mail && !mail.sent && isTrue(record) && this.#isAbandoned(mail)) this.#takeOver(incident.id);
    }
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.allSettled(this.#work);
  }

  #isMine({ mail }: IncidentRecord): boolean {
    return mail?.claimed_by === this.#me;
  }

  #isAbandoned({ claimed_by, attempted_at }: NonNullable<IncidentRecord['mail']>): boolean {
    const predecessor = claimed_by.startsWith(`${this.holder.instance}#`);
    return predecessor || this.clock() - Date.parse(attempted_at) > ABANDONED_AFTER_MS;
  }

  #takeOver(id: string): void {
    this.#background(id, async () => {
      const record = await this.incidents.change(id, (latest) =>
        latest.mail && !latest.mail.sent && this.#isAbandoned(latest.mail)
          ? { ...latest, mail: { ...latest.mail, claimed_by: this.#me, attempted_at: instant(this.clock()) } }
          : latest,
      );
      // It is not known whether the mail was sent before the crash: it must be the same mail.
      if (this.#isMine(record) && !record.mail?.sent) await this.#send(record, true);
    });
  }

  async #send(claimed: IncidentRecord, mayHaveArrived: boolean): Promise<void> {
    const { id } = claimed.incident;
    let uncertain = mayHaveArrived;
    for (let attempt = 0; !this.#abort.signal.aborted; attempt++) {
      const record = await this.incidents.change(id, (latest) =>
        this.#isMine(latest) ? prepareMail(latest, uncertain, this.clock()) : latest,
      );
      // The incident was reopened meanwhile: a sweep continues the mail once it is over. Or another process
      // took the mail over because this one was frozen.
      if (!record.mail || record.mail.sent || !this.#isMine(record) || !isTrue(record)) return;
      const { kind } = record.mail;
      const note = () =>
        this.incidents.change(id, (latest) => mailSent(latest, this.holder.recipients, this.clock(), kind));
      if (this.#delivered.has(`${id}.${kind}`)) return void (await note());
      try {
        await withSpan('healer.notify', { incident: id }, () => this.sender.incident(asClaimed(record)), {
          ...(record.traceparent ? { traceparent: record.traceparent } : {}),
        });
      } catch (error) {
        if (!(error instanceof AppError) || !error.retryable) {
          this.logger.log('incident.mail_refused', { error, incident: id });
          await this.incidents.change(id, (latest) => mailRefused(latest, this.clock(), kind));
          return;
        }
        uncertain ||= error.kind === 'deadline_exceeded';
        this.logger.log('incident.mail_failed', { error, incident: id });
        await sleep(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)], undefined, {
          signal: this.#abort.signal,
        });
        continue;
      }
      // From here on this process does not send the mail again, even when that cannot be recorded.
      this.#delivered.add(`${id}.${kind}`);
      return void (await note());
    }
  }

  #background(id: string, send: () => Promise<void>): void {
    if (this.#sending.has(id) || this.#abort.signal.aborted) return;
    this.#sending.add(id);
    const work = send()
      .catch((error: unknown) => {
        if (!this.#abort.signal.aborted) this.logger.log('incident.mail_waiting', { error, incident: id });
      })
      .finally(() => {
        this.#sending.delete(id);
        this.#work.delete(work);
      });
    this.#work.add(work);
  }
}

/** The incident in the state that its mail was claimed for: subject and message id are derived from it. */
function asClaimed({ incident, mail }: IncidentRecord): Incident {
  switch (mail?.kind) {
    case 'escalated':
      return { ...incident, status: 'escalated', resolved_at: null };
    case 'recurring':
      return { ...incident, recurring: true };
    default:
      return { ...incident, recurring: false };
  }
}
