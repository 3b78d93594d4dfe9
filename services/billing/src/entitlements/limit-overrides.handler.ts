import { HandleRequest } from '@gridworks/bus';
import {
  ACCOUNT_NOT_FOUND,
  AppError,
  actorOf,
  entitlementsChanged,
  listLimitOverrides,
  listPage,
  type OutputOf,
  OVERRIDE_EXPIRED,
  OVERRIDE_NOT_FOUND,
  type ParsedInputOf,
  removeLimitOverride,
  setLimitOverride,
} from '@gridworks/contracts';
import { type CallContext, noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.ts';
import { type LimitOverride, LimitOverrideRepository } from './limit-override.repository.ts';

type Shown = OutputOf<typeof setLimitOverride>;

/** Lists, sets and removes the limits of single partners. The entries are in the chain of the partner. */
@Controller()
export class LimitOverridesHandler {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
    private readonly overrides: LimitOverrideRepository,
  ) {}

  @HandleRequest(listLimitOverrides)
  async list({
    id,
    ...query
  }: ParsedInputOf<typeof listLimitOverrides>): Promise<OutputOf<typeof listLimitOverrides>> {
    const page = await this.overrides.page(id, query);
    const now = new Date();
    const data = page.data.map((override) => presentOverride(override, now));
    return listPage(listLimitOverrides, { ...page, data }, id);
  }

  @HandleRequest(setLimitOverride)
  async set(
    { id, name, quota, reason, ...input }: ParsedInputOf<typeof setLimitOverride>,
    call: CallContext,
  ): Promise<Shown> {
    const now = new Date();
    const expires_at = input.expires_at === null ? null : new Date(input.expires_at);
    if (expires_at !== null && expires_at <= now) throw new AppError(OVERRIDE_EXPIRED);
    return this.database.transaction(async (tx) => {
      noteAct({ partner_id: id });
      if (!(await this.accounts.exists(tx, id))) throw new AppError(ACCOUNT_NOT_FOUND);
      const { override, before } = await this.overrides.set(tx, id, {
        ...{ name, quota, expires_at, reason },
        ...{ set_by: actorOf(call), created_at: now },
      });
      if (before) noteAct({ before: { ...presentOverride(before, now) } });
      emitChange(tx, id);
      return presentOverride(override, now);
    });
  }

  @HandleRequest(removeLimitOverride)
  remove({
    id,
    name,
  }: ParsedInputOf<typeof removeLimitOverride>): Promise<OutputOf<typeof removeLimitOverride>> {
    return this.database.transaction(async (tx) => {
      noteAct({ partner_id: id });
      const removed = await this.overrides.remove(tx, id, name);
      if (!removed) throw new AppError(OVERRIDE_NOT_FOUND);
      noteAct({ before: { ...presentOverride(removed, new Date()) } });
      emitChange(tx, id);
      return { object: 'limit_override', id: removed.id, name, deleted: true };
    });
  }
}

const emitChange = (tx: Transaction, partnerId: string): void =>
  tx.emit(entitlementsChanged, { partner_id: partnerId, at: new Date().toISOString() }, { partnerId });

function presentOverride({ expires_at, created_at, ...override }: LimitOverride, now: Date): Shown {
  return {
    ...{ object: 'limit_override', ...override },
    expires_at: expires_at?.toISOString() ?? null,
    created_at: created_at.toISOString(),
    in_force: expires_at === null || expires_at > now,
  };
}
