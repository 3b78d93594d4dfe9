import { type Page, pageOf, type TicketStatus } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import type { Ticket } from './ticket.ts';

const columns = 'id, partner_id, subject, body, status, priority, version, created_at, updated_at';
const findSql = `select ${columns} from tickets where id = $1 and partner_id = $2`;

/** A partner's tickets. The partner is part of every condition: what is foreign is not there. */
@Injectable()
export class TicketRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, ticket: Ticket): Promise<void> {
    await tx.manager.query(`insert into tickets (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [
      ticket.id,
      ticket.partner_id,
      ticket.subject,
      ticket.body,
      ticket.status,
      ticket.priority,
      ticket.version,
      ticket.created_at,
      ticket.updated_at,
    ]);
  }

  async find(partnerId: string, id: string): Promise<Ticket | null> {
    const rows = await this.database.read((manager) => manager.query<Ticket[]>(findSql, [id, partnerId]));
    return rows[0] ?? null;
  }

  async findWithin(tx: Transaction, partnerId: string, id: string): Promise<Ticket | null> {
    const rows = await tx.manager.query<Ticket[]>(findSql, [id, partnerId]);
    return rows[0] ?? null;
  }

  /** Newest first. A cursor only marks a place in the order: it may be foreign or gone and tells nothing. */
  async page(
    partnerId: string,
    query: {
      limit: number;
      starting_after?: string | undefined;
      ending_before?: string | undefined;
      status?: TicketStatus | undefined;
    },
  ): Promise<Page<Ticket>> {
    const backward = query.ending_before !== undefined;
    const [compare, order] = backward ? ['>', 'asc'] : ['<', 'desc'];
    const rows = await this.database.read((manager) =>
      manager.query<Ticket[]>(
        `select ${columns} from tickets
         where partner_id = $1
           and ($2::text is null or id ${compare} $2)
           and ($3::text is null or status = $3)
         order by id ${order} limit $4`,
        [
          partnerId,
          query.ending_before ?? query.starting_after ?? null,
          query.status ?? null,
          query.limit + 1,
        ],
      ),
    );
    return pageOf(rows, query.limit, backward);
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
