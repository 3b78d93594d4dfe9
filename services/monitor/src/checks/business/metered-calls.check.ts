import { Injectable } from '@nestjs/common';
import type { CheckOutcome, RunnableCheck } from '../check-outcome.ts';
import { judgeSteps } from './judge-steps.ts';
import { StepFailed, SyntheticPartner } from './synthetic-partner.ts';

/**
 * Whether each metered call is counted once: compares the calls that the synthetic partner made with its key of today
 * with what billing has counted for that key. Calls of the last minute may be counted or not.
 */
@Injectable()
export class MeteredCallsCheck implements RunnableCheck {
  readonly name = 'metered-calls';
  readonly configured = true;

  constructor(private readonly partner: SyntheticPartner) {}

  attempt(timeoutMs: number): Promise<CheckOutcome> {
    const signal = AbortSignal.timeout(timeoutMs);
    return judgeSteps(() =>
      this.partner.asOwner(signal, async (token) => {
        const { key } = this.partner;
        if (!key) return null; // no call was made today
        const { atLeast } = key.ledger.expected(Date.now());
        const counted = await this.partner.counted(key, token, signal);
        // Calls that are made meanwhile may be counted already.
        const { atMost } = key.ledger.expected(Date.now());
        if (counted >= atLeast && counted <= atMost) return null;
        const metered = atLeast === atMost ? atLeast : `${atLeast} to ${atMost}`;
        throw new StepFailed('count', `${metered} calls were metered and ${counted} are counted`);
      }),
    );
  }
}
