import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  SUBSCRIPTION_STATUSES,
  SUBSCRIPTION_STEPS,
  type SubscriptionStatus,
  type SubscriptionStep,
  stepsFrom,
  takeStep,
} from './subscription-states.ts';

const STEPS = [...new Set(SUBSCRIPTION_STATUSES.flatMap(stepsFrom))];

describe('the states of a subscription', () => {
  it.each(SUBSCRIPTION_STATUSES.flatMap((from) => STEPS.map((step) => [from, step] as const)))(
    '%s: %s leads where the table says, or is refused with what is allowed',
    (from, step) => {
      const steps: Partial<Record<SubscriptionStep, SubscriptionStatus>> = SUBSCRIPTION_STEPS[from];
      const to = steps[step];
      if (to) expect(takeStep(from, step)).toBe(to);
      else
        expect(() => takeStep(from, step)).toThrow(
          expect.objectContaining({
            ...{ code: 'BILLING.TRANSITION_FORBIDDEN', kind: 'conflict' },
            details: { from, step, allowed: stepsFrom(from) },
          }),
        );
    },
  );

  it('never leave canceled, and reach it from everywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEPS), { maxLength: 30 }), (steps) => {
        let state: SubscriptionStatus = 'trialing';
        let wasCanceled = false;
        for (const step of steps) {
          const before = state;
          try {
            state = takeStep(state, step);
          } catch {
            // Refused: a refusal changes nothing.
            expect(state).toBe(before);
          }
          if (wasCanceled) expect(state).toBe('canceled');
          wasCanceled ||= state === 'canceled';
          if (state !== 'canceled') expect(takeStep(state, 'cancel')).toBe('canceled');
        }
      }),
    );
  });
});
