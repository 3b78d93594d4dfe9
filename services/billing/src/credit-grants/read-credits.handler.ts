import { HandleRequest } from '@gridworks/bus';
import {
  getCredits,
  listCreditGrants,
  listCreditMovements,
  listPage,
  listPartnerCreditGrants,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import type { CreditGrant } from '../credits/burn-order.ts';
import { CreditRepository } from '../credits/credit.repository.ts';
import { presentGrant, presentMovement } from '../credits/credit-grant.ts';
import { toInteger } from '../money/money.ts';

type Balance = OutputOf<typeof getCredits>['balances'][number];

@Controller()
export class ReadCreditsHandler {
  constructor(private readonly credits: CreditRepository) {}

  @HandleRequest(getCredits)
  async balance(
    _input: ParsedInputOf<typeof getCredits>,
    call: CallContext,
  ): Promise<OutputOf<typeof getCredits>> {
    const grants = await this.credits.usable(partnerOf(call), new Date());
    const byCurrency = Map.groupBy(grants, ({ currency }) => currency);
    const balances = [...byCurrency].map(([currency, ofIt]) => balanceOf(currency, ofIt));
    return {
      object: 'credit_balance',
      balances: balances.sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    };
  }

  @HandleRequest(listCreditGrants)
  async grants(
    query: ParsedInputOf<typeof listCreditGrants>,
    call: CallContext,
  ): Promise<OutputOf<typeof listCreditGrants>> {
    const page = await this.credits.grants(partnerOf(call), query);
    const now = new Date();
    return listPage(listCreditGrants, { ...page, data: page.data.map((row) => presentGrant(row, now)) });
  }

  @HandleRequest(listPartnerCreditGrants)
  async grantsOf({
    id,
    ...query
  }: ParsedInputOf<typeof listPartnerCreditGrants>): Promise<OutputOf<typeof listPartnerCreditGrants>> {
    const page = await this.credits.grants(id, query);
    const now = new Date();
    const data = page.data.map((row) => presentGrant(row, now));
    return listPage(listPartnerCreditGrants, { ...page, data }, id);
  }

  @HandleRequest(listCreditMovements)
  async movements(
    query: ParsedInputOf<typeof listCreditMovements>,
    call: CallContext,
  ): Promise<OutputOf<typeof listCreditMovements>> {
    const page = await this.credits.movements(partnerOf(call), query);
    return listPage(listCreditMovements, { ...page, data: page.data.map(presentMovement) });
  }
}

function balanceOf(currency: string, grants: readonly CreditGrant[]): Balance {
  const sumOf = (some: readonly CreditGrant[]) =>
    toInteger(some.reduce((sum, { remaining }) => sum + remaining, 0n));
  const of = (kind: CreditGrant['kind']) => sumOf(grants.filter((grant) => grant.kind === kind));
  const [prepaid, promotional] = [of('prepaid'), of('promotional')];
  const ends = grants.flatMap(({ expiresAt }) => (expiresAt ? [expiresAt.getTime()] : []));
  const next = Math.min(...ends);
  const ending = grants.filter(({ expiresAt }) => expiresAt?.getTime() === next);
  return {
    ...{ currency, prepaid, promotional, total: prepaid + promotional },
    next_expiry: ends.length === 0 ? null : { amount: sumOf(ending), at: new Date(next).toISOString() },
  };
}
