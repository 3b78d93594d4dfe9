import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  actorOf,
  addDomain,
  DOMAIN_EXISTS,
  DOMAIN_NOT_FOUND,
  DOMAIN_TAKEN,
  DOMAIN_UNPROVEN,
  listDomains,
  listPage,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
  removeDomain,
  TOO_MANY_DOMAINS,
  verifyDomain,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { DomainRepository, isTaken } from './domain.repository.ts';
import { MAX_DOMAINS, makeDomain, presentDomain, proven, recordOf } from './domain.ts';
import { DomainRecords } from './domain-records.ts';
import { readDomain } from './read-domain.ts';

type PublicDomain = OutputOf<typeof addDomain>;

/** The domains that a partner says, and proves, to own. Each is verified on its own. */
@Controller()
export class DomainsHandler {
  constructor(
    private readonly database: Database,
    private readonly domains: DomainRepository,
    private readonly records: DomainRecords,
  ) {}

  @HandleRequest(listDomains)
  async list(
    _input: ParsedInputOf<typeof listDomains>,
    call: CallContext,
  ): Promise<OutputOf<typeof listDomains>> {
    const rows = await this.domains.listOf(partnerOf(call));
    return listPage(listDomains, { has_more: false, data: rows.map(presentDomain) });
  }

  /** Says nothing about other partners: whoever adds a domain of theirs gets the same response. */
  @HandleRequest(addDomain)
  async add(input: ParsedInputOf<typeof addDomain>, call: CallContext): Promise<PublicDomain> {
    const partnerId = partnerOf(call);
    const row = makeDomain(partnerId, readDomain(input.domain), actorOf(call));
    return this.database.transaction(async (tx) => {
      if ((await this.domains.count(tx, partnerId)) >= MAX_DOMAINS) throw new AppError(TOO_MANY_DOMAINS);
      if (!(await this.domains.insertUnlessListed(tx, row))) throw new AppError(DOMAIN_EXISTS);
      return presentDomain(row);
    });
  }

  /** A record that is missing changes nothing here: the days of grace begin with the daily look. */
  @HandleRequest(verifyDomain)
  async verify({ id }: ParsedInputOf<typeof verifyDomain>, call: CallContext): Promise<PublicDomain> {
    const partnerId = partnerOf(call);
    const seen = await this.domains.find(partnerId, id);
    if (!seen) throw new AppError(DOMAIN_NOT_FOUND);
    const record = recordOf(seen);
    const texts = await this.records.texts(record.name);
    if (!texts.includes(record.value)) throw missing(record.name, texts.length);
    try {
      return await this.database.transaction(async (tx) => {
        const row = await this.domains.hold(tx, partnerId, id);
        if (!row) throw new AppError(DOMAIN_NOT_FOUND);
        const isNews = row.verified_at === null || row.failed_since !== null;
        noteAct(isNews ? { after: { domain: row.domain } } : { isRepeat: true });
        const found = proven(row, new Date());
        await this.domains.settle(tx, found);
        return presentDomain(found);
      });
    } catch (error) {
      if (isTaken(error)) throw taken(seen.domain);
      throw error;
    }
  }

  @HandleRequest(removeDomain)
  remove(
    { id }: ParsedInputOf<typeof removeDomain>,
    call: CallContext,
  ): Promise<OutputOf<typeof removeDomain>> {
    const partnerId = partnerOf(call);
    return this.database.transaction(async (tx) => {
      // A foreign and a missing domain give the same response, to the byte.
      const row = await this.domains.take(tx, partnerId, id);
      if (!row) throw new AppError(DOMAIN_NOT_FOUND);
      noteAct({ before: { domain: row.domain, verified: row.verified_at !== null } });
      return { object: 'domain' as const, id, removed: true as const };
    });
  }
}

function missing(name: string, others: number): AppError {
  const seen = others === 0 ? 'has no TXT record' : 'has TXT records, and none of them is the right one';
  return new AppError(DOMAIN_UNPROVEN, {
    detail: `${name} ${seen}. A new record can take some minutes, with some providers hours.`,
    details: { record: name, found: others },
  });
}

const taken = (domain: string): AppError =>
  new AppError(DOMAIN_TAKEN, {
    detail: `${domain} is verified by another partner. It must remove the domain first.`,
  });
