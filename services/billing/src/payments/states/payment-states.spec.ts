import { TRANSITION_FORBIDDEN } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isOpen,
  mayFollow,
  observe,
  PAYMENT_STATES,
  PAYMENT_TRANSITIONS,
  type PaymentState,
  transition,
} from './payment-states.ts';

const state = fc.constantFrom(...PAYMENT_STATES);
/** What the provider may say about one payment, in its order. */
const HISTORIES: readonly (readonly PaymentState[])[] = [
  ['succeeded'],
  ['failed'],
  ['requires_action', 'succeeded'],
  ['requires_action', 'failed'],
  ['requires_action', 'processing', 'succeeded'],
  ['processing', 'succeeded'],
  ['processing', 'failed'],
  ['processing', 'failed', 'succeeded'],
];

describe('the states of a payment', () => {
  it('change by the table and by nothing else', () => {
    fc.assert(
      fc.property(state, state, (from, to) => {
        if (mayFollow(from, to)) expect(transition(from, to)).toBe(to);
        else
          expect(() => transition(from, to)).toThrow(
            expect.objectContaining({
              code: TRANSITION_FORBIDDEN.code,
              details: { from, to, allowed: PAYMENT_TRANSITIONS[from] },
            }),
          );
      }),
    );
  });

  it('never leave succeeded or canceled, and never go back to what locks the invoice', () => {
    fc.assert(
      fc.property(fc.array(state, { maxLength: 30 }), (steps) => {
        let known: PaymentState = 'created';
        let succeeded = false;
        let closed = false;
        for (const seen of steps) {
          known = observe(known, seen);
          succeeded ||= known === 'succeeded';
          closed ||= !isOpen(known);
          if (succeeded) expect(known).toBe('succeeded');
          if (closed) expect(isOpen(known)).toBe(false);
        }
      }),
    );
  });

  it('can end from everywhere, and only a stored submission can be unknown', () => {
    const reachable = (from: PaymentState): Set<PaymentState> => {
      const seen = new Set<PaymentState>([from]);
      for (const one of seen) for (const next of PAYMENT_TRANSITIONS[one]) seen.add(next);
      return seen;
    };
    expect(reachable('created').size).toBe(PAYMENT_STATES.length);
    for (const from of PAYMENT_STATES)
      expect([...reachable(from)].some((one) => PAYMENT_TRANSITIONS[one].length === 0)).toBe(true);
    expect(PAYMENT_STATES.filter((from) => mayFollow(from, 'unknown'))).toEqual(['submitted']);
    expect(mayFollow('created', 'succeeded')).toBe(false);
  });

  it('end the same, however often and in whatever order the provider is read, when the last reading is new', () => {
    const shuffled = fc
      .constantFrom(...HISTORIES)
      .chain((history) =>
        fc
          .array(fc.constantFrom(...history), { maxLength: 12 })
          .map((noise) => [...noise, history.at(-1) as PaymentState]),
      );
    fc.assert(
      fc.property(fc.constantFrom<PaymentState>('submitted', 'unknown'), shuffled, (from, readings) => {
        const end = readings.reduce(observe, from);
        // Once the money has arrived, nothing takes it back.
        expect(end).toBe(readings.includes('succeeded') ? 'succeeded' : readings.at(-1));
      }),
    );
  });
});
