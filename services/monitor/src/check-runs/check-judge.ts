import type { Check, CheckStateName, HealthCheck } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { HealthRegistry, LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Condition } from '../symptoms/condition.ts';
import { timestamp } from '../symptoms/timestamp.ts';
import { type CheckEntry, CheckRunner } from './check-runner.ts';
import { type CheckFacts, isOffline, judgeChecks, stateOf } from './judge-checks.ts';

/** Types whose components have no other record in the history. */
const RECORDED: readonly string[] = ['queue', 'external', 'business'];
const RECORDED_TARGETS: readonly string[] = ['machine:disk'];

const STATUSES: Record<CheckStateName, HealthCheck['status'] | null> = {
  ...{ passing: 'pass', degraded: 'warn', failing: 'fail', silenced: 'unknown', unknown: 'unknown' },
  ...{ muted: 'unknown', disabled: null, not_configured: null },
};

/** Judges the runs of all checks together: which are explained by others, and whether monitor itself is offline. */
@Injectable()
export class CheckJudge {
  /** Since when monitor is offline, epoch ms; null: it is not. */
  offlineSince: number | null = null;

  constructor(
    private readonly runner: CheckRunner,
    private readonly health: HealthRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The faults at this moment. Called again and again. */
  judge(now: number): Condition[] {
    const facts = this.#facts(now);
    for (const entry of this.runner.entries.values())
      if (this.runner.silencers(entry, now).length > 0) entry.record.excuse();
    this.#sayWhetherOffline(isOffline(facts), now);
    return judgeChecks(facts, now);
  }

  /** Rows of the history for components that nothing else records. */
  rows(now: number): HealthCheck[] {
    return [...this.runner.entries.values()].flatMap((entry) => {
      const { row, record } = entry;
      if (!RECORDED.includes(row.type) && !RECORDED_TARGETS.includes(row.target)) return [];
      const status = STATUSES[this.#state(entry, now)];
      if (status === null) return [];
      const { last } = record;
      return [
        {
          component: row.target,
          status,
          observed_at: last?.at ?? timestamp(now),
          latency_ms: last?.passed ? last.response_time_ms : null,
          detail: last?.detail ?? null,
        },
      ];
    });
  }

  /** A check as the API shows it. */
  present(entry: CheckEntry, now: number): Check {
    const { effective, record, changed, nextRunAt } = entry;
    const state = this.#state(entry, now);
    const rates = record.rates;
    const silenced = state === 'silenced' ? this.runner.silencers(entry, now) : [];
    return {
      object: 'check',
      ...effective,
      state,
      since: timestamp(record.since),
      silenced_by: state === 'silenced' && silenced.length === 0 ? ['monitor'] : silenced,
      last_run: record.last,
      runs: [...record.runs],
      error_rate: rates && rounded(rates.error),
      success_rate: rates && rounded(rates.success),
      next_run_at: nextRunAt === null || !effective.enabled ? null : timestamp(nextRunAt),
      changed_at: changed?.at ?? null,
      changed_by: changed?.by ?? null,
    };
  }

  #state(entry: CheckEntry, now: number): CheckStateName {
    return stateOf(this.#factsOf(entry, now), this.offlineSince !== null, now);
  }

  #facts(now: number): CheckFacts[] {
    return [...this.runner.entries.values()].map((entry) => this.#factsOf(entry, now));
  }

  #factsOf(entry: CheckEntry, now: number): CheckFacts {
    const { effective, record, work } = entry;
    return {
      check: effective,
      configured: work?.configured ?? true,
      judgement: record.judgement,
      since: record.since,
      last: record.last,
      silencedBy: this.runner.silencers(entry, now),
    };
  }

  /** Monitor says it of itself, in its pulse and its log, and reports no external service. */
  #sayWhetherOffline(offline: boolean, now: number): void {
    if (offline === (this.offlineSince !== null)) return;
    this.offlineSince = offline ? now : null;
    this.health.setDegraded(
      'offline',
      offline ? 'offline: no external service responds to monitor, so that it reports none of them' : null,
    );
    this.logger.log(offline ? 'monitor.offline' : 'monitor.online', {});
  }
}

const rounded = (share: number): number => Math.round(share * 1000) / 1000;
