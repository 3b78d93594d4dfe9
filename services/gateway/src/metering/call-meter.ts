import { AppError, newId, type Principal } from '@gridworks/contracts';
import { METERING_FAILED, METERING_UNAVAILABLE } from '../problems/gateway.errors.ts';
import type { UsageJournal } from './usage-journal.ts';

const RETRY_AFTER_MS = 2000;

/** Whether the calls of a principal are counted: those of programs, by key or by access token. */
export const isMetered = ({ kind }: Principal): boolean =>
  kind === 'api_key' || kind === 'service_account' || kind === 'application';

/** Records each call with an API key or access token before its response is sent. */
export class CallMeter {
  constructor(readonly journal: UsageJournal) {}

  /** Throws `GATEWAY.METERING_UNAVAILABLE` when a call with this credential could not be recorded. */
  admit(principal: Principal): void {
    if (isMetered(principal) && this.journal.refusal() !== null)
      throw new AppError(METERING_UNAVAILABLE, { retryAfterMs: RETRY_AFTER_MS });
  }

  /** Whether a call counts: failures of the portal and refusals by a limit or a budget cost nothing. */
  counts(principal: Principal, status: number): boolean {
    return (
      isMetered(principal) &&
      principal.partner_id !== null &&
      status < 500 &&
      status !== 429 &&
      status !== 402
    );
  }

  /**
   * `tookMs`: milliseconds since the request arrived. Calls back once the record is safe, or with the error to
   * send instead.
   */
  record(
    principal: Principal,
    operation: string,
    status: number,
    tookMs: number,
    done: (error: AppError | null) => void,
  ): void {
    // No member needs escaping: ids, a route's pattern, a number.
    const line = `{"id":"${newId('usage')}","partner_id":"${principal.partner_id}","api_key_id":"${principal.id}","mode":"${principal.mode ?? 'live'}","operation":"${operation}","status":${status},"took_ms":${Math.round(tookMs * 10) / 10},"at":"${new Date().toISOString()}"}`;
    this.journal.append(line, (error) =>
      done(error ? new AppError(METERING_FAILED, { retryAfterMs: RETRY_AFTER_MS, cause: error }) : null),
    );
  }
}
