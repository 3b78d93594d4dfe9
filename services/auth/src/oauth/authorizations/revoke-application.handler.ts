import { HandleRequest } from '@gridworks/bus';
import { type OutputOf, type ParsedInputOf, partnerOf, revokeApplication } from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { ApplicationRepository } from '../../applications/application.repository.ts';
import { presentApplication } from '../../applications/application.ts';
import { OAuthRecordRepository } from '../records/oauth-record.repository.ts';

@Controller()
export class RevokeApplicationHandler {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationRepository,
    private readonly records: OAuthRecordRepository,
  ) {}

  /** Ends its codes and refresh tokens, too; gateways forget its access tokens. Repeating changes nothing. */
  @HandleRequest(revokeApplication)
  revoke(
    { id }: ParsedInputOf<typeof revokeApplication>,
    call: CallContext,
  ): Promise<OutputOf<typeof revokeApplication>> {
    return this.database.transaction(async (tx) => {
      const found = await this.applications.hold(tx, partnerOf(call), id);
      if (found.revoked_at) {
        noteAct({ isRepeat: true });
        return presentApplication(found);
      }
      const revoked = await this.applications.update(tx, found, {
        revoked_at: new Date(),
        old_secret_digest: null,
        old_secret_expires_at: null,
      });
      await this.records.endGrantsOf(tx, revoked, null);
      return presentApplication(revoked);
    });
  }
}
