import { Database, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';

/** That a person lets an application act for it, with the names that a list shows. */
export interface ApplicationAccess {
  readonly application_id: string;
  readonly application_name: string;
  readonly partner_id: string;
  readonly partner_name: string;
  readonly partner_created_at: Date;
  readonly scopes: string[];
  readonly first_accepted_at: Date;
  readonly last_accepted_at: Date;
}

/** What persons have accepted: remembered, so that the page asks only for what is new. */
@Injectable()
export class ApplicationAccessRepository {
  constructor(private readonly database: Database) {}

  /** What a person has accepted of an application: empty for nothing. */
  async scopesOf(userId: string, application: { id: string; partner_id: string }): Promise<string[]> {
    const [row] = await this.database.read((manager) =>
      manager.query<{ scopes: string[] }[]>(
        `select scopes from application_accesses where user_id = $1 and application_id = $2 and partner_id = $3`,
        [userId, application.id, application.partner_id],
      ),
    );
    return row?.scopes ?? [];
  }

  /** Adds scopes to those that were accepted before. */
  async accept(
    tx: Transaction,
    userId: string,
    application: { id: string; partner_id: string },
    scopes: readonly string[],
    at: Date,
  ): Promise<void> {
    await tx.manager.query(
      `insert into application_accesses as a
         (user_id, application_id, partner_id, scopes, first_accepted_at, last_accepted_at)
       values ($1, $2, $3, $4, $5, $5)
       on conflict (user_id, application_id) do update
         set scopes = array(select distinct unnest(a.scopes || excluded.scopes) order by 1),
           last_accepted_at = excluded.last_accepted_at`,
      [userId, application.id, application.partner_id, scopes, at],
    );
  }

  /** Newest first, at most 100: of a person, in all partners of theirs. */
  listOf(userId: string): Promise<ApplicationAccess[]> {
    return this.database.read((manager) =>
      manager.query(
        `select x.*, a.name as application_name, p.name as partner_name, p.created_at as partner_created_at
         from application_accesses x join applications a on a.id = x.application_id
           join partners p on p.id = x.partner_id
         where x.user_id = $1 and a.revoked_at is null
         order by x.last_accepted_at desc, x.application_id limit 100`,
        [userId],
      ),
    );
  }

  /** The partner of the access that was removed; null when there was none. */
  async remove(tx: Transaction, userId: string, applicationId: string): Promise<string | null> {
    const [removed] = await tx.manager.query<[{ partner_id: string }[], number]>(
      'delete from application_accesses where user_id = $1 and application_id = $2 returning partner_id',
      [userId, applicationId],
    );
    return removed[0]?.partner_id ?? null;
  }
}
