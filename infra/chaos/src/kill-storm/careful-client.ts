import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metered } from '../requests/probe-client.ts';
import type { ProbePartner } from '../requests/probe-partner.ts';
import { NoResponse, PortalClient, type Response } from '../system/portal-client.ts';

const STORM_REQUESTS_PER_SECOND = 70;
const TIMEOUT_MS = 5000;
const TICK_MS = 50;
const MOST_TRIES = 6;
const RETRY_AFTER_MS = { least: 300, spread: 700 };
/** One ticket in this many is sent once more under its key after it was acknowledged. */
const REPEAT_ONE_IN = 10;
/** How many requests may wait for a response, so that they do not pile up without end. */
const MOST_IN_FLIGHT = 600;

/** A ticket that the client tried to open. Its subject is unique. */
export interface SentTicket {
  readonly subject: string;
  /** The acknowledged id; null when no attempt was acknowledged. */
  readonly id: string | null;
}

/** What one partner's client observed. */
export interface PartnerRecord {
  readonly partner: ProbePartner;
  readonly tickets: SentTicket[];
  readonly metered: Metered;
}

/**
 * The kinds of call; one that is listed twice is made twice as often. `key`: with the API key, whose calls
 * are metered; else with the session.
 */
const KINDS = [
  { name: 'plans', path: '/v1/plans', key: true },
  { name: 'plans', path: '/v1/plans', key: true },
  { name: 'plans', path: '/v1/plans', key: true },
  { name: 'me', path: '/v1/me', key: false },
  { name: 'usage', path: '/v1/usage', key: true },
  { name: 'list', path: '/v1/tickets?limit=5', key: true },
  { name: 'ticket', path: '/v1/tickets', key: true },
  { name: 'ticket', path: '/v1/tickets', key: true },
  { name: 'ticket', path: '/v1/tickets', key: false },
] as const;
type Kind = (typeof KINDS)[number];

/**
 * Partners with a careful client: each write carries an `Idempotency-Key` and is repeated with it until it is
 * acknowledged or refused, six times at most. Counts every outcome.
 */
export class CarefulClient {
  readonly records: readonly PartnerRecord[];
  /** How often each outcome came: `201`, `503`, `503 without retry_after`, `timeout`, `ECONNRESET`, `401 CODE` ... */
  readonly outcomes = new Map<string, number>();
  /** Repeated writes under one key whose response named another ticket. */
  readonly brokenRepeats: string[] = [];
  readonly #client: PortalClient;
  readonly #random: () => number;
  readonly #inFlight = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;

  /** @param random numbers from 0 to below 1 that choose the kinds and the waits */
  constructor(url: string, partners: readonly ProbePartner[], random: () => number) {
    this.#client = new PortalClient(url, 256);
    this.#random = random;
    this.records = partners.map((partner) => ({
      partner,
      tickets: [],
      metered: { answered: 0, ambiguous: 0 },
    }));
  }

  /** The number of requests that were begun. */
  get sent(): number {
    return this.#sent;
  }

  start(): void {
    const startedAt = performance.now();
    const begun = this.#sent;
    this.#timer = setInterval(() => {
      const due = begun + Math.floor(((performance.now() - startedAt) / 1000) * STORM_REQUESTS_PER_SECOND);
      while (this.#sent < due) this.#send();
    }, TICK_MS);
  }

  /** Sends nothing new, and waits for the requests under way, repeats included. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
    this.#client.close();
  }

  #send(): void {
    const record = this.records[this.#sent++ % this.records.length]!;
    if (this.#inFlight.size >= MOST_IN_FLIGHT) return;
    const kind = KINDS[Math.floor(this.#random() * KINDS.length)]!;
    const work = (kind.name === 'ticket' ? this.#openTicket(record, kind) : this.#call(record, kind))
      .then(() => undefined)
      .finally(() => this.#inFlight.delete(work));
    this.#inFlight.add(work);
  }

  async #openTicket(record: PartnerRecord, kind: Kind): Promise<void> {
    const key = randomUUID();
    const subject = `storm ${key}`;
    const request = {
      method: 'POST' as const,
      body: { subject, body: 'Opened while processes are killed.' },
      headers: { 'idempotency-key': `"${key}"` },
    };
    let id: string | null = null;
    for (let tries = 0; id === null && tries < MOST_TRIES; tries++) {
      if (tries > 0) await sleep(RETRY_AFTER_MS.least + RETRY_AFTER_MS.spread * this.#random());
      const response = await this.#call(record, kind, request);
      if (response?.status === 201) id = (response.body as { id: string }).id;
      else if (response && !isWorthRepeating(response.status)) break;
    }
    record.tickets.push({ subject, id });
    if (id === null || this.#random() * REPEAT_ONE_IN >= 1) return;
    const again = await this.#call(record, kind, request);
    const other = again?.status === 201 ? (again.body as { id: string }).id : id;
    if (other !== id) this.brokenRepeats.push(`${subject}: ${id}, then ${other}`);
  }

  async #call(record: PartnerRecord, kind: Kind, request = {}): Promise<Response | null> {
    const token = kind.key ? record.partner.keys[0] : record.partner.session;
    const metered = kind.key ? record.metered : { answered: 0, ambiguous: 0 };
    try {
      const response = await this.#client.call(kind.path, { token, timeoutMs: TIMEOUT_MS, ...request });
      if (response.status < 500 && response.status !== 429) metered.answered++;
      this.#count(outcomeOf(response));
      return response;
    } catch (error) {
      if (!(error instanceof NoResponse)) throw error;
      if (error.code !== 'ECONNREFUSED') metered.ambiguous++;
      this.#count(error.code);
      return null;
    }
  }

  #count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }
}

const isWorthRepeating = (status: number): boolean => status >= 500 || status === 409 || status === 429;

function outcomeOf({ status, body }: Response): string {
  if (status < 400) return String(status);
  const { code, retry_after } = (body ?? {}) as { code?: string; retry_after?: number };
  if (status === 503) return retry_after === undefined ? '503 without retry_after' : '503';
  return `${status} ${code ?? 'without a code'}`;
}
