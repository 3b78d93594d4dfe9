/** @jest-environment jsdom */
import { beforeEach, expect, it } from '@jest/globals';
import { toastDone, toastFailed, useToasts } from './toasts.tsx';

const shown = () => useToasts.getState().toasts;
beforeEach(() => useToasts.setState({ toasts: [] }));

it('equal outcomes are counted in one toast', () => {
  toastDone('Key renamed');
  toastDone('Key renamed');
  expect(shown()).toMatchObject([{ text: 'Key renamed', count: 2 }]);
});
it('at most three toasts are shown, each for a limited time', () => {
  for (const text of ['one', 'two', 'three', 'four']) toastDone(text);
  expect(shown().map(({ text }) => text)).toEqual(['two', 'three', 'four']);
  for (const { until } of shown()) expect(until).toBeLessThan(Date.now() + 60_000);
});
it('a failure names its request', () => {
  const error = Object.assign(new Error('The name is taken'), {
    code: 'A.B',
    status: 409,
    requestId: 'req_1',
    retryAfterMs: null,
    errors: [],
  });
  toastFailed('The key was not renamed', error);
  expect(shown()[0]).toMatchObject({
    tone: 'fail',
    text: 'The key was not renamed: The name is taken',
    detail: 'request req_1',
  });
});
