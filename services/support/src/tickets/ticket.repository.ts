import { type Page, pageOf, type TicketStatus } from '@gridworks/contracts';
import { Database, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { TicketEntity } from './ticket.entity.ts';
import type { Ticket } from './ticket.ts';

const columns = 'id, partner_id, subject, body, status, priority, version, created_at, updated_at';

/** A partner's tickets. The partner is part of every condition: what is foreign is not there. */
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
        { table: 'tickets', columns, list: { partner_id: partnerId }, where: { status: query.status } },
        query,
      ),
    );
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /**
   * Moves a ticket on if it is still the version that was read. Null when somebody else was faster: read again.
   * Waits for a change under way to commit.
   */
  async move(tx: Transaction, read: Ticket, status: TicketStatus, at: Date): Promise<Ticket | null> {
    const [moved] = await tx.manager.query<[Ticket[], number]>(
      `update tickets set status = $3, version = version + 1, updated_at = $4
       where id = $1 and version = $2 returning ${columns}`,
      [read.id, read.version, status, at],
    );
    return moved[0] ?? null;
  }
}
