import { Injectable } from '@nestjs/common';
import type { CheckOutcome, RunnableCheck } from '../check-outcome.ts';
import { judgeSteps } from './judge-steps.ts';
import { describeResponse, StepFailed, SyntheticPartner } from './synthetic-partner.ts';

/** What a partner does: log in, have a key, make a metered call, log out. */
@Injectable()
export class PartnerCallCheck implements RunnableCheck {
  readonly name = 'partner-call';
  readonly configured = true;

  constructor(private readonly partner: SyntheticPartner) {}

  attempt(timeoutMs: number): Promise<CheckOutcome> {
    const signal = AbortSignal.timeout(timeoutMs);
    return judgeSteps(() =>
      this.partner.asOwner(signal, async (token) => {
        const key = await this.partner.makeKey(token, signal);
        const response = await this.partner.call(key, signal);
        if (response.status !== 200)
          throw new StepFailed('call', `GET /v1/usage responds with ${describeResponse(response)}`);
        return null;
      }),
    );
  }
}
