import { HandleRequest } from '@gridworks/bus';
import {
  APPLICATION_NOT_FOUND,
  AppError,
  actorOf,
  listApplicationAccess,
  listPage,
  type OutputOf,
  type ParsedInputOf,
  removeApplicationAccess,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { presentPartner } from '../../partners/partner.ts';
import { OAuthRecordRepository } from '../records/oauth-record.repository.ts';
import { ApplicationAccessRepository } from './application-access.repository.ts';

/** The applications that may act for the calling person. */
@Controller()
export class ApplicationAccessHandler {
  constructor(
    private readonly database: Database,
    private readonly accesses: ApplicationAccessRepository,
    private readonly records: OAuthRecordRepository,
  ) {}

  @HandleRequest(listApplicationAccess)
  async list(
    _input: ParsedInputOf<typeof listApplicationAccess>,
    call: CallContext,
  ): Promise<OutputOf<typeof listApplicationAccess>> {
    const rows = await this.accesses.listOf(actorOf(call));
    const data = rows.map((row) => ({
      object: 'application_access' as const,
      application: { id: row.application_id, name: row.application_name },
      partner: presentPartner({
        id: row.partner_id,
        name: row.partner_name,
        created_at: row.partner_created_at,
      }),
      scopes: row.scopes,
      first_accepted_at: row.first_accepted_at.toISOString(),
      last_accepted_at: row.last_accepted_at.toISOString(),
    }));
    return listPage(listApplicationAccess, { data, has_more: false });
  }

  @HandleRequest(removeApplicationAccess)
  remove(
    { id }: ParsedInputOf<typeof removeApplicationAccess>,
    call: CallContext,
  ): Promise<OutputOf<typeof removeApplicationAccess>> {
    const userId = actorOf(call);
    return this.database.transaction(async (tx) => {
      const partnerId = await this.accesses.remove(tx, userId, id);
      if (!partnerId) throw new AppError(APPLICATION_NOT_FOUND);
      await this.records.endGrantsOf(tx, { id, partner_id: partnerId }, userId);
      return { object: 'application_access' as const, id, removed: true as const };
    });
  }
}
