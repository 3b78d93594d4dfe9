import { Bus } from '@gridworks/bus';
import { type adminPartnerSchema, getAccounts, summarizeTickets } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { presentPartner } from '../partners/partner.ts';
import { SuspensionRepository } from '../suspensions/suspension.repository.ts';
import type { PartnerRow } from './directory.repository.ts';

export type AdminPartner = z.output<typeof adminPartnerSchema>;

/** How long a list waits for the figures of other services, in milliseconds: the list matters more. */
const WAIT_MS = 500;

/**
 * Figures about partners from other services. The figures of a service that does not respond in time are
 * null.
 */
@Injectable()
export class PartnerFigures {
  constructor(
    private readonly bus: Bus,
    private readonly suspensions: SuspensionRepository,
  ) {}

  /** Plans and calls, from billing. */
  accounts(partnerIds: string[]) {
    return this.bus
      .request(getAccounts, { partner_ids: partnerIds }, { deadlineMs: WAIT_MS })
      .catch(() => null);
  }

  /** Tickets, from support. */
  tickets(partnerIds: string[]) {
    return this.bus
      .request(summarizeTickets, { partner_ids: partnerIds }, { deadlineMs: WAIT_MS })
      .catch(() => null);
  }

  /** The partners as an admin gets them, in the same order. */
  async present(rows: readonly PartnerRow[]): Promise<AdminPartner[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const [accounts, tickets, suspensions] = await Promise.all([
      this.accounts(ids),
      this.tickets(ids),
      this.suspensions.of(ids),
    ]);
    return rows.map((row) => {
      const account = accounts?.accounts.find((one) => one.partner_id === row.id);
      const ticketsOf = tickets?.partners.find((one) => one.partner_id === row.id);
      return {
        ...presentPartner(row),
        users: row.users,
        api_keys: row.api_keys,
        use:
          accounts && account
            ? {
                plan: account.plan,
                used_calls: account.used_calls,
                last_call_at: account.last_call_at,
                observed_at: accounts.observed_at,
              }
            : null,
        suspension: suspensions.get(row.id) ?? null,
        open_tickets: tickets ? (ticketsOf?.open_tickets ?? 0) : null,
      };
    });
  }
}
