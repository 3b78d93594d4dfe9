import { HandleRequest } from '@gridworks/bus';
import { credentialRevoked, type OutputOf, type ParsedInputOf, reportLeakedKeys } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { LeakedKeyRepository } from './leaked-key.repository.ts';

/** The part of an address that a mail shows. */
const MAX_URL = 300;

/** From the environment: whether a key that was found in public ends at once, or is only marked. */
interface LeakConfig {
  readonly AUTH_LEAKED_KEYS: 'revoke' | 'notify';
}

@Controller()
export class ReportLeakedKeysHandler {
  constructor(
    private readonly database: Database,
    private readonly keys: LeakedKeyRepository,
    private readonly mails: AccountMails,
    @Inject(CONFIG) private readonly config: LeakConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * A key is marked when it is found for the first time, and its owners are mailed then; a key that has ended
   * already is marked without a mail.
   */
  @HandleRequest(reportLeakedKeys)
  async report({
    found,
  }: ParsedInputOf<typeof reportLeakedKeys>): Promise<OutputOf<typeof reportLeakedKeys>> {
    const urls = new Map(found.map(({ digest, url }) => [digest, url]));
    const digests = [...urls.keys()];
    const now = new Date();
    const ends = this.config.AUTH_LEAKED_KEYS === 'revoke';
    const { known, marked } = await this.database.transaction(async (tx) => {
      const marked = await this.keys.mark(tx, digests, now, ends);
      for (const { partner_id: partnerId, ...key } of marked.filter(({ was_valid }) => was_valid)) {
        if (ends)
          tx.emit(credentialRevoked, { kind: 'api_key', id: key.id, digest: key.digest }, { partnerId });
        const words = {
          ...{ key: key.name, last4: key.last4, revoked: String(ends) },
          ...{ url: urls.get(key.digest)?.slice(0, MAX_URL) ?? '', at: now.toISOString() },
        };
        for (const user_id of await this.keys.ownersOf(tx, partnerId))
          this.mails.toMember(tx, 'key-leaked', { user_id, partner_id: partnerId }, words);
      }
      return { known: await this.keys.known(tx, digests), marked };
    });
    for (const key of marked)
      this.logger.log('api_key.leaked', { api_key_id: key.id, partner_id: key.partner_id, revoked: ends });
    return { known };
  }
}
