import { Bus } from '@gridworks/bus';
import {
  countAccounts,
  countCalls,
  countHealing,
  getHealingSummary,
  summarizeTickets,
} from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import { keptBriefly } from './kept-briefly.ts';

/** How long to wait for other services, in milliseconds. */
const WAIT = { deadlineMs: 500 };
/** For how long a count of rows is good enough, in milliseconds. Many admins watch, and each of them asks often. */
const KEEP_MS = 5000;

/**
 * Reads from other services. A part is null when its service does not respond in time: the rest is worth
 * showing without it.
 */
@Injectable()
export class OtherServices {
  readonly #accounts = keptBriefly(KEEP_MS, () => this.bus.request(countAccounts, {}, WAIT));
  readonly #tickets = keptBriefly(KEEP_MS, () => this.bus.request(summarizeTickets, {}, WAIT));
  readonly #calls = keptBriefly(KEEP_MS, () => this.bus.request(countCalls, {}, WAIT));

  constructor(private readonly bus: Bus) {}

  healingSummary() {
    return this.bus.request(getHealingSummary, {}, WAIT).catch(() => null);
  }

  healingCounts() {
    return this.bus.request(countHealing, {}, WAIT).catch(() => null);
  }

  accounts() {
    return this.#accounts().catch(() => null);
  }

  tickets() {
    return this.#tickets().catch(() => null);
  }

  calls() {
    return this.#calls().catch(() => null);
  }
}
