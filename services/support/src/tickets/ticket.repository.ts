import { type Page, pageOf, TICKET_STATUSES, type TicketStatus } from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { TicketEntity } from './ticket.entity.ts';
import type { Ticket } from './ticket.ts';

const COLUMNS = 'id, partner_id, subject, body, status, priority, version, created_at, updated_at';

export interface AllTicketsQuery extends ListPageQuery {
  readonly status?: TicketStatus | undefined;
  readonly priority?: Ticket['priority'] | undefined;
  readonly partner_id?: string | undefined;
}

export interface TicketSummary {
  readonly partner_id: string;
  readonly first_ticket_at: Date;
  readonly open_tickets: number;
}

/**
 * Tickets. Where a partner is given it is part of the condition, so that a ticket of another partner is never
 * found.
 */
@Injectable()
export class TicketRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, ticket: Ticket): Promise<void> {
    await tx.manager.insert(TicketEntity, ticket);
  }

  find(partnerId: string, id: string): Promise<Ticket | null> {
    return this.database.read((manager) => manager.findOneBy(TicketEntity, { id, partner_id: partnerId }));
  }

  findWithin(tx: Transaction, partnerId: string, id: string): Promise<Ticket | null> {
    return tx.manager.findOneBy(TicketEntity, { id, partner_id: partnerId });
  }

  /** Newest first. */
  async page(
    partnerId: string,
    query: ListPageQuery & { readonly status?: TicketStatus | undefined },
  ): Promise<Page<Ticket>> {
    const rows = await this.database.read((manager) =>
      readListPage<Ticket>(
        manager,
        {
          table: 'tickets',
          columns: COLUMNS,
          list: { partner_id: partnerId },
          where: { status: query.status },
        },
        query,
      ),
    );
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /**
   * Tickets of all partners, newest first by the time of their insert. Two tickets that commit at the same
   * time may change places once.
   */
  async pageOfAll(query: AllTicketsQuery): Promise<Page<Ticket>> {
    const { status, priority, partner_id } = query;
    const list: Record<string, string> = partner_id === undefined ? {} : { partner_id };
    const source = { table: 'tickets', columns: COLUMNS, list, where: { status, priority } };
    const rows = await this.database.read((manager) => readListPage<Ticket>(manager, source, query));
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /** The number of tickets in each status. */
  async countByStatus(): Promise<Record<TicketStatus, number>> {
    const rows = await this.database.read<{ status: TicketStatus; count: number }[]>((manager) =>
      manager.query('select status, count(*)::int as count from tickets group by status'),
    );
    const counts = new Map(rows.map(({ status, count }) => [status, count]));
    return Object.fromEntries(TICKET_STATUSES.map((status) => [status, counts.get(status) ?? 0])) as Record<
      TicketStatus,
      number
    >;
  }

  /** Summaries of those partners that have a ticket. */
  summaries(partnerIds: readonly string[]): Promise<TicketSummary[]> {
    return this.database.read((manager) =>
      manager.query(
        `select partner_id, min(created_at) as first_ticket_at,
           (count(*) filter (where status not in ('resolved', 'closed')))::int as open_tickets
         from tickets where partner_id = any($1) group by partner_id`,
        [partnerIds],
      ),
    );
  }

  /**
   * Changes a ticket's status if the ticket still has the version that was read. Null when another writer was
   * faster: the caller must read again. Waits for a change under way to commit.
   */
  async move(tx: Transaction, read: Ticket, status: TicketStatus, at: Date): Promise<Ticket | null> {
    const [moved] = await tx.manager.query<[Ticket[], number]>(
      `update tickets set status = $3, version = version + 1, updated_at = $4
       where id = $1 and version = $2 returning ${COLUMNS}`,
      [read.id, read.version, status, at],
    );
    return moved[0] ?? null;
  }
}
