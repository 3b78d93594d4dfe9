import { describe, expect, it } from '@jest/globals';
import { judgeSteps } from './judge-steps.ts';
import { StepFailed } from './synthetic-partner.ts';

const failing = (error: Error) => judgeSteps(() => Promise.reject(error));

describe('judgeSteps', () => {
  it('measures what passes, and names the step that fails', async () => {
    expect(await judgeSteps(async () => null)).toMatchObject({ passed: true, detail: null });
    expect(await failing(new StepFailed('login', 'POST /v1/sessions responds with 500'))).toEqual({
      ...{ passed: false, responseMs: null, step: 'login' },
      detail: 'POST /v1/sessions responds with 500',
    });
    expect(await failing(new TypeError('body is null'))).toMatchObject({ passed: false, step: 'call' });
  });

  it('does not blame the portal for a limit that others have used up', async () => {
    const limited = new StepFailed('call', 'GET /v1/usage responds with 429 GATEWAY.RATE_LIMITED');
    expect(await failing(limited)).toMatchObject({ passed: true, detail: limited.message });
  });
});
