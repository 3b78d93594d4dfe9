import { Database, PersistenceModule } from '@gridworks/persistence';
import { HealthRegistry } from '@gridworks/runtime';
import { type DynamicModule, Module } from '@nestjs/common';
import { migrations } from '../migrations/index.ts';
import { GetTicketHandler } from './tickets/get-ticket.handler.ts';
import { ListAllTicketsHandler } from './tickets/list-all-tickets.handler.ts';
import { ListTicketsHandler } from './tickets/list-tickets.handler.ts';
import { OpenTicketHandler } from './tickets/open-ticket.handler.ts';
import { SummarizeTicketsHandler } from './tickets/summarize-tickets.handler.ts';
import { TicketEntity } from './tickets/ticket.entity.ts';
import { TicketRepository } from './tickets/ticket.repository.ts';
import { TransitionTicketHandler } from './tickets/transition-ticket.handler.ts';

@Module({
  controllers: [
    OpenTicketHandler,
    GetTicketHandler,
    ListTicketsHandler,
    TransitionTicketHandler,
    ListAllTicketsHandler,
    SummarizeTicketsHandler,
  ],
  providers: [TicketRepository],
})
export class SupportModule {
  constructor(health: HealthRegistry, database: Database) {
    health.register(database);
  }

  /** The tables of this service. */
  static persistence(url: string): DynamicModule {
    return PersistenceModule.forService({ service: 'support', migrations, entities: [TicketEntity], url });
  }
}
