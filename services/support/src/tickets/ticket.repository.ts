import { type Page, pageOf, type TicketStatus } from '@gridworks/contracts';
import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { TicketEntity } from './ticket.entity.ts';

/** A partner's tickets. The partner is part of every condition: what is foreign is not there. */
@Injectable()
export class TicketRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Transaction, ticket: TicketEntity): Promise<void> {
    await tx.manager.insert(TicketEntity, ticket);
  }

  find(partnerId: string, id: string): Promise<TicketEntity | null> {
    return this.database.read((manager) => manager.findOneBy(TicketEntity, { id, partnerId }));
  }

  findWithin(tx: Transaction, partnerId: string, id: string): Promise<TicketEntity | null> {
    return tx.manager.findOneBy(TicketEntity, { id, partnerId });
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
  ): Promise<Page<TicketEntity>> {
    const backward = query.ending_before !== undefined;
    const cursor = query.ending_before ?? query.starting_after;
    const rows = await this.database.read((manager) => {
      const select = manager
        .createQueryBuilder(TicketEntity, 't')
        .where('t.partnerId = :partnerId', { partnerId })
        .orderBy('t.id', backward ? 'ASC' : 'DESC')
        .limit(query.limit + 1);
      if (query.status) select.andWhere('t.status = :status', { status: query.status });
      if (cursor) select.andWhere(`t.id ${backward ? '>' : '<'} :cursor`, { cursor });
      return select.getMany();
    });
    return pageOf(rows, query.limit, backward);
  }

  /**
   * Moves a ticket on if it is still the version that was read. Null when somebody else was faster: read again.
   * Waits for a change under way to commit.
   */
  async move(
    tx: Transaction,
    read: TicketEntity,
    status: TicketStatus,
    at: Date,
  ): Promise<TicketEntity | null> {
    const version = read.version + 1;
    const result = await tx.manager
      .createQueryBuilder()
      .update(TicketEntity)
      .set({ status, version, updatedAt: at })
      .where('id = :id and version = :version', { id: read.id, version: read.version })
      .execute();
    return result.affected === 1 ? { ...read, status, version, updatedAt: at } : null;
  }
}
