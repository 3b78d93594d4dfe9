import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  changePlanVersion,
  createPlanVersion,
  getPlanVersion,
  isMetric,
  listPage,
  listPlanVersions,
  METRICS,
  type OutputOf,
  type ParsedInputOf,
  PLAN_NEEDED,
  PLAN_VERSION_NOT_DRAFT,
  PLAN_VERSION_NOT_FOUND,
  PLAN_VERSION_NOT_PUBLISHED,
  type PlanVersion,
  publishPlanVersion,
  removePlanVersion,
  retirePlanVersion,
  UNKNOWN_METRIC,
} from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import { Database, type Transaction } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { exponentOf } from '../money/currency.ts';
import { FIRST_PLAN, PlanVersionRepository } from './plan-version.repository.ts';

/** Drafts, changes, publishes and retires plan versions. No partner gets another version by that. */
@Controller()
export class PlanVersionsHandler {
  constructor(
    private readonly database: Database,
    private readonly versions: PlanVersionRepository,
  ) {}

  @HandleRequest(listPlanVersions)
  async list({
    plan,
    ...query
  }: ParsedInputOf<typeof listPlanVersions>): Promise<OutputOf<typeof listPlanVersions>> {
    return listPage(listPlanVersions, await this.versions.page(plan, query));
  }

  @HandleRequest(getPlanVersion)
  async get({ id }: ParsedInputOf<typeof getPlanVersion>): Promise<PlanVersion> {
    return found(await this.versions.get(id));
  }

  @HandleRequest(createPlanVersion)
  create({ plan, ...terms }: ParsedInputOf<typeof createPlanVersion>): Promise<PlanVersion> {
    return this.database.transaction((tx) => this.versions.createDraft(tx, plan, terms, new Date()));
  }

  @HandleRequest(changePlanVersion)
  change({ id, ...terms }: ParsedInputOf<typeof changePlanVersion>): Promise<PlanVersion> {
    return this.database.transaction(async (tx) => {
      const draft = await this.#holdDraft(tx, id);
      noteAct({ before: { ...draft } });
      return this.versions.changeDraft(tx, draft, terms);
    });
  }

  @HandleRequest(removePlanVersion)
  remove({ id }: ParsedInputOf<typeof removePlanVersion>): Promise<OutputOf<typeof removePlanVersion>> {
    return this.database.transaction(async (tx) => {
      noteAct({ before: { ...(await this.#holdDraft(tx, id)) } });
      await this.versions.removeDraft(tx, id);
      return { object: 'plan_version', id, deleted: true };
    });
  }

  @HandleRequest(publishPlanVersion)
  publish({ id }: ParsedInputOf<typeof publishPlanVersion>): Promise<PlanVersion> {
    return this.database.transaction(async (tx) => {
      const draft = await this.#holdDraft(tx, id);
      requireSellable(draft);
      return this.versions.setStatus(tx, id, 'published', new Date());
    });
  }

  @HandleRequest(retirePlanVersion)
  retire({ id }: ParsedInputOf<typeof retirePlanVersion>): Promise<PlanVersion> {
    return this.database.transaction(async (tx) => {
      const version = found(await this.versions.hold(tx, id));
      if (version.status !== 'published') throw new AppError(PLAN_VERSION_NOT_PUBLISHED);
      if (version.plan === FIRST_PLAN && (await this.versions.countPublished(tx, FIRST_PLAN)) === 1)
        throw new AppError(PLAN_NEEDED);
      return this.versions.setStatus(tx, id, 'retired', new Date());
    });
  }

  async #holdDraft(tx: Transaction, id: string): Promise<PlanVersion> {
    const version = found(await this.versions.hold(tx, id));
    if (version.status !== 'draft') throw new AppError(PLAN_VERSION_NOT_DRAFT);
    return version;
  }
}

function found(version: PlanVersion | null): PlanVersion {
  if (!version) throw new AppError(PLAN_VERSION_NOT_FOUND);
  return version;
}

/** Throws `BILLING.UNKNOWN_METRIC` or `BILLING.UNKNOWN_CURRENCY` for a version that could not be charged. */
function requireSellable({ prices }: PlanVersion): void {
  for (const currency of Object.keys(prices)) exponentOf(currency);
  const metrics = Object.values(prices).flatMap(({ charges }) => charges.map(({ metric }) => metric));
  const unknown = [...new Set(metrics.filter((metric) => !isMetric(metric)))];
  if (unknown.length > 0)
    throw new AppError(UNKNOWN_METRIC, {
      detail: `No product emits ${unknown.join(', ')}. The metrics are: ${Object.keys(METRICS).join(', ')}.`,
    });
}
