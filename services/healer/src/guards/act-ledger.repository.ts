import { type KeyValue, replaceDocument } from '../state/key-value.ts';
import { type ActLedger, EMPTY_LEDGER, KEPT_MS } from './act.ts';
import type { GuardDecision, ProposedAct } from './guard-decision.ts';

const KEY = 'acts';

/** The actions of all healers, in the bucket `healer_limits`. */
export class ActLedgerRepository {
  constructor(
    private readonly bucket: KeyValue<ActLedger>,
    private readonly clock: () => number,
  ) {}

  /**
   * Calls `judge`, and when it allows the act, counts it in the same compare-and-set: two healers never both
   * use the last place of a budget. Throws `PLATFORM.UNAVAILABLE` when the act cannot be counted: then the
   * act must not be done.
   */
  reserve(
    act: ProposedAct,
    judge: (ledger: ActLedger, now: number) => GuardDecision,
  ): Promise<GuardDecision> {
    return replaceDocument(this.bucket, KEY, EMPTY_LEDGER, (ledger) => {
      const now = this.clock();
      const counted = ledger.acts.some(({ id }) => id === act.id);
      const verdict: GuardDecision = counted ? { allowed: true } : judge(ledger, now);
      if (counted || !verdict.allowed) return { next: null, result: verdict };
      const entry = {
        id: act.id,
        incident_id: act.incidentId,
        rule: act.rule,
        remedy: act.remedy,
        name: act.target.name,
        process: act.target.process,
        at: new Date(now).toISOString(),
        state: 'running' as const,
      };
      const kept = ledger.acts.filter(({ at }) => now - Date.parse(at) < KEPT_MS);
      return { next: { ...ledger, acts: [...kept, entry] }, result: verdict };
    });
  }

  /** The actions of this incident have ended, or (`unknown`) were found without an outcome. */
  settle(incidentId: string, state: 'ended' | 'unknown'): Promise<void> {
    return replaceDocument(this.bucket, KEY, EMPTY_LEDGER, (ledger) => {
      const open = ledger.acts.some((act) => act.incident_id === incidentId && act.state === 'running');
      const acts = ledger.acts.map((act) =>
        act.incident_id === incidentId && act.state === 'running' ? { ...act, state } : act,
      );
      return { next: open ? { ...ledger, acts } : null, result: undefined };
    });
  }

  /** A human closed the fleet breaker. */
  closeBreaker(): Promise<void> {
    return replaceDocument(this.bucket, KEY, EMPTY_LEDGER, (ledger) => ({
      next: { ...ledger, breaker_closed_at: new Date(this.clock()).toISOString() },
      result: undefined,
    }));
  }
}
