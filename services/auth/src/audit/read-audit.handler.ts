import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  AUDIT_ENTRY_NOT_FOUND,
  type AuditEntry,
  exportAllAudit,
  exportAudit,
  getAuditEntry,
  listAllAudit,
  listAudit,
  listPage,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { AuditRepository } from './audit.repository.ts';

/** Entries of one batch of an export; a page ends earlier when its entries are large. */
const BATCH = 500;

@Controller()
export class ReadAuditHandler {
  constructor(private readonly audit: AuditRepository) {}

  @HandleRequest(listAudit)
  async ofPartner(
    query: ParsedInputOf<typeof listAudit>,
    call: CallContext,
  ): Promise<OutputOf<typeof listAudit>> {
    return listPage(listAudit, await this.audit.page(partnerOf(call), query));
  }

  @HandleRequest(listAllAudit)
  async ofAll({
    chain,
    ...query
  }: ParsedInputOf<typeof listAllAudit>): Promise<OutputOf<typeof listAllAudit>> {
    return listPage(listAllAudit, await this.audit.page(chain, query));
  }

  @HandleRequest(exportAudit)
  exportOwn(
    { after, format: _, ...query }: ParsedInputOf<typeof exportAudit>,
    call: CallContext,
  ): Promise<OutputOf<typeof exportAudit>> {
    return this.audit.page(partnerOf(call), { ...query, limit: BATCH, starting_after: after });
  }

  @HandleRequest(exportAllAudit)
  exportAll({
    after,
    chain,
    format: _,
    ...query
  }: ParsedInputOf<typeof exportAllAudit>): Promise<OutputOf<typeof exportAllAudit>> {
    return this.audit.page(chain, { ...query, limit: BATCH, starting_after: after });
  }

  /** An entry of another partner and a missing entry give the same response, to the byte. */
  @HandleRequest(getAuditEntry)
  async one({ id }: ParsedInputOf<typeof getAuditEntry>, call: CallContext): Promise<AuditEntry> {
    const entry = await this.audit.find(partnerOf(call), id);
    if (!entry) throw new AppError(AUDIT_ENTRY_NOT_FOUND);
    return entry;
  }
}
