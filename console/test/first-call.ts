import { eventually } from '@gridworks/testing';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';

const SHOWN_MS = 60_000;

/**
 * The rest of the way to the first call: follows the first steps of the home page to a key, calls the API with it as a program
 * does, and waits until the first steps show both as done. Returns the key.
 */
export async function makeFirstCall(page: Page, url: string): Promise<string> {
  await page.goto('/home');
  await page.getByRole('link', { name: 'Create a key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('First');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const secret = (await dialog.locator('code').first().textContent()) ?? '';
  expect(secret).toMatch(/^pp_test_/);
  expect(await page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
  await page.getByLabel('I have stored it').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('cell', { name: /^First/ }).waitFor();
  expect(await page.content()).not.toContain(secret);

  await page.goto('/home');
  const step = page.getByRole('listitem').filter({ hasText: 'Send your first call' });
  await step.getByText('To do').waitFor();
  const call = await fetch(`${url}/v1/plans`, { headers: { authorization: `Bearer ${secret}` } });
  expect(call.status).toBe(200);
  // The page is not loaded again. The list goes away once nothing is left to do.
  await eventually(
    async () => {
      expect(await doneSteps(page)).toEqual(expect.arrayContaining(['api_key', 'first_call']));
      const done = await step.getByText('Done').count();
      expect(done + Number((await page.getByText('First steps').count()) === 0)).toBe(1);
    },
    { timeoutMs: SHOWN_MS, everyMs: 250 },
  );
  return secret;
}

async function doneSteps(page: Page): Promise<unknown> {
  return page.evaluate(`fetch('/v1/onboarding').then((response) => response.json())
    .then(({ steps }) => steps.filter(({ state }) => state === 'done').map(({ step }) => step))`);
}
