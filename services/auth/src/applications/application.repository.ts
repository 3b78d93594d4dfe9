import {
  APPLICATION_NOT_FOUND,
  AppError,
  type ApplicationKind,
  MAX_APPLICATIONS,
  type Page,
  pageOf,
  TOO_MANY_APPLICATIONS,
} from '@gridworks/contracts';
import { Database, IsNull, type ListPageQuery, readListPage, type Transaction } from '@gridworks/persistence';
import { Injectable } from '@nestjs/common';
import { isSuspended } from '../suspensions/suspension.repository.ts';
import { ApplicationEntity } from './application.entity.ts';
import type { Application } from './application.ts';

const COLUMNS =
  'id, partner_id, name, kind, redirect_uris, scopes, secret_digest, secret_last4, old_secret_digest, old_secret_expires_at, created_by, created_at, last_used_at, revoked_at';
const STATUS_SQL = `case when revoked_at is null then 'active' else 'revoked' end`;

export interface ApplicationQuery extends ListPageQuery {
  readonly kind?: ApplicationKind | undefined;
  readonly status?: 'active' | 'revoked' | undefined;
}

/** The applications of partners. Everything but the provider's look-up names the partner. */
@Injectable()
export class ApplicationRepository {
  constructor(private readonly database: Database) {}

  /** Throws `AUTH.TOO_MANY_APPLICATIONS` when the partner has as many as it can have, whatever runs at the same time. */
  async insert(tx: Transaction, application: Application): Promise<void> {
    const { partner_id: partnerId } = application;
    await tx.manager.query('select 1 from partners where id = $1 for no key update', [partnerId]);
    const count = await tx.manager.countBy(ApplicationEntity, {
      partner_id: partnerId,
      revoked_at: IsNull(),
    });
    if (count >= MAX_APPLICATIONS) throw new AppError(TOO_MANY_APPLICATIONS);
    await tx.manager.insert(ApplicationEntity, application);
  }

  find(partnerId: string, id: string): Promise<Application | null> {
    return this.database.read((manager) =>
      manager.findOneBy(ApplicationEntity, { id, partner_id: partnerId }),
    );
  }

  /** For the provider: an application that may get tokens. Null when it was revoked, or its partner is suspended. */
  async findActive(id: string): Promise<Application | null> {
    const [found] = await this.database.read((manager) =>
      manager.query<Application[]>(
        `select ${COLUMNS} from applications
         where id = $1 and revoked_at is null and not ${isSuspended('applications.partner_id')}`,
        [id],
      ),
    );
    return found ?? null;
  }

  /** Newest first. */
  async page(partnerId: string, query: ApplicationQuery): Promise<Page<Application>> {
    const source = {
      table: 'applications',
      columns: COLUMNS,
      from: `(select *, ${STATUS_SQL} as status from applications) applications`,
      list: { partner_id: partnerId },
      where: { kind: query.kind, status: query.status },
    };
    const rows = await this.database.read((manager) => readListPage<Application>(manager, source, query));
    return pageOf(rows, query.limit, query.ending_before !== undefined);
  }

  /**
   * Locks an application until the transaction ends. Throws `AUTH.APPLICATION_NOT_FOUND`, the same for a foreign and a
   * missing one.
   */
  async hold(tx: Transaction, partnerId: string, id: string): Promise<Application> {
    const [found] = await tx.manager.query<Application[]>(
      `select ${COLUMNS} from applications where id = $1 and partner_id = $2 for update`,
      [id, partnerId],
    );
    if (!found) throw new AppError(APPLICATION_NOT_FOUND);
    return found;
  }

  /** Changes an application that the transaction holds, and returns it as it is then. */
  async update(
    tx: Transaction,
    application: Application,
    change: Partial<Application>,
  ): Promise<Application> {
    const { id, partner_id } = application;
    await tx.manager.update(ApplicationEntity, { id, partner_id }, change);
    return { ...application, ...change };
  }

  /** Records that an application got a token, at most once a minute. */
  async use(id: string, partnerId: string, at: Date): Promise<void> {
    await this.database.transaction((tx) =>
      tx.manager.query(
        `update applications set last_used_at = $2
         where id = $1 and partner_id = $3
           and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')`,
        [id, at, partnerId],
      ),
    );
  }
}
