import { Bus } from '@gridworks/bus';
import { countAccounts, getHealingSummary, summarizeTickets } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';

/** How long to wait for other services, in milliseconds. */
const WAIT = { deadlineMs: 500 };

/**
 * Reads from other services. A part is null when its service does not respond in time: the rest is worth
 * showing without it.
 */
@Injectable()
export class OtherServices {
  constructor(private readonly bus: Bus) {}

  healing() {
    return this.bus.request(getHealingSummary, {}, WAIT).catch(() => null);
  }

  accounts() {
    return this.bus.request(countAccounts, {}, WAIT).catch(() => null);
  }

  tickets() {
    return this.bus.request(summarizeTickets, {}, WAIT).catch(() => null);
  }
}
