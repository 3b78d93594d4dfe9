import { actRecordedIn, newId } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Database, HourlyUpkeep, type Transaction } from '@gridworks/persistence';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { AccountMails } from '../mail-requests/account-mails.ts';
import { DomainRepository } from './domain.repository.ts';
import { CHECK_EVERY_MS, type Domain, proven, recordOf, unproven } from './domain.ts';
import { DomainRecords } from './domain-records.ts';

/**
 * Looks at the record of each verified domain once a day. Several instances may look at the same domain: the first that
 * stores its result is the one that counts.
 */
@Injectable()
export class RecheckDomains extends HourlyUpkeep {
  constructor(
    private readonly database: Database,
    private readonly domains: DomainRepository,
    private readonly records: DomainRecords,
    private readonly mails: AccountMails,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super(database, (error) => logger.log('domain.recheck_failed', { error }));
  }

  /** Looks at all domains that are due at this moment, one after another. One that gets no answer waits for the next run. */
  async run(now: Date): Promise<void> {
    for (const row of await this.domains.due(new Date(now.getTime() - CHECK_EVERY_MS))) {
      const { name, value } = recordOf(row);
      try {
        const isThere = (await this.records.texts(name)).includes(value);
        await this.database.transaction((tx) => this.#settle(tx, row, isThere, now));
      } catch (error) {
        this.logger.log('domain.recheck_failed', { error, domain_id: row.id });
      }
    }
  }

  async #settle(tx: Transaction, seen: Domain, isThere: boolean, now: Date): Promise<void> {
    const row = await this.domains.hold(tx, seen.partner_id, seen.id);
    const wasSettled = row?.last_checked_at?.getTime() !== seen.last_checked_at?.getTime();
    if (!row || wasSettled || row.verified_at === null) return;
    const found = isThere ? proven(row, now) : unproven(row, now);
    await this.domains.settle(tx, found);
    if (found.verified_at !== null) return;
    this.logger.log('domain.lapsed', { domain_id: row.id, partner_id: row.partner_id });
    tx.emit(actRecordedIn('auth'), lapse(row, now), { partnerId: row.partner_id });
    for (const user_id of await this.domains.ownersOf(tx, row.partner_id))
      this.mails.toMember(
        tx,
        'domain-lapsed',
        { user_id, partner_id: row.partner_id },
        { domain: row.domain },
      );
  }
}

/** The entry of the audit log: nobody called. */
const lapse = ({ id, partner_id, domain }: Domain, now: Date) => ({
  service: 'auth' as const,
  at: now.toISOString(),
  partner_id,
  actor: { kind: 'service' as const, id: 'auth', role: 'none' as const, impersonator: null },
  action: 'domain.lapsed' as const,
  object_id: id,
  before: { domain, verified: true },
  after: { verified: false },
  outcome: 'done' as const,
  code: null,
  request_id: newId('request'),
  network: null,
  user_agent: null,
});
