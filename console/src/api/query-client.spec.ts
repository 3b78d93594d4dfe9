/** @jest-environment jsdom */
import { expect, it } from '@jest/globals';

it('a page that begins without a network pauses its queries from the first one on', async () => {
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false });
  const { onlineManager } = await import('@tanstack/react-query');
  expect(onlineManager.isOnline()).toBe(true);
  await import('./query-client.ts');
  expect(onlineManager.isOnline()).toBe(false);
});
