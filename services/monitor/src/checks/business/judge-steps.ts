import type { CheckOutcome } from '../check-outcome.ts';
import { StepFailed } from './synthetic-partner.ts';

/** The address of monitor made too many calls, since others share it: that says nothing about the portal. */
const LIMITED = /responds with 429\b/;

/** Measures the steps of a business check. `work` returns what is nearly wrong, or null. */
export async function judgeSteps(work: () => Promise<string | null>): Promise<CheckOutcome> {
  const started = performance.now();
  try {
    const detail = await work();
    return { passed: true, responseMs: performance.now() - started, detail };
  } catch (error) {
    const { message } = error as Error;
    if (LIMITED.test(message)) return { passed: true, responseMs: null, detail: message };
    const step = error instanceof StepFailed ? error.step : 'call';
    return { passed: false, responseMs: null, detail: message, step };
  }
}
