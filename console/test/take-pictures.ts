/**
 * `npm run pictures`: photographs the running console for the README and the landing page. Starts a portal of its own, lets a
 * partner sign up and call, kills billing, and writes `docs/pictures/NAME.png` and `console/static/pictures/healing-{light,dark}.png`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@gridworks/testing';
import type { Page } from 'playwright-core';
import { ConsoleUnderTest } from './console-under-test.ts';
import { logInAsAdmin, sendTicket, signUp } from './people.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DOCS = join(ROOT, 'docs', 'pictures');
const LANDING = join(ROOT, 'console', 'static', 'pictures');
const VIEWPORT = { width: 1200, height: 750 };
const CALLS = 240;

for (const folder of [DOCS, LANDING]) mkdirSync(folder, { recursive: true });
const running = await ConsoleUnderTest.start();
const note = (text: string) => process.stdout.write(`  ${text}\n`);

/** In the given theme, once nothing is loading. */
async function take(page: Page, file: string, theme: 'light' | 'dark' = 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator('[aria-label=Loading]').first().waitFor({ state: 'hidden' });
  await page.screenshot({ path: file, animations: 'disabled' });
  note(file.slice(ROOT.length + 1));
}

async function makeKey(page: Page, name: string): Promise<string> {
  await page.goto('/keys');
  await page.getByRole('button', { name: 'Create key' }).first().click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByLabel('Mode').selectOption('live');
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const secret = await page.getByRole('dialog').locator('code').first().textContent();
  await page.getByLabel('I have stored it').check();
  await page.getByRole('button', { name: 'Done' }).click();
  return secret ?? '';
}

async function partnerPictures(): Promise<void> {
  const { page } = await running.open({ viewport: VIEWPORT, reducedMotion: 'reduce' });
  await signUp(page);
  const headers = { authorization: `Bearer ${await makeKey(page, 'Forecast service')}` };
  await makeKey(page, 'Staging');
  for (let i = 0; i < CALLS; i++)
    await fetch(`${running.url}${i % 5 === 0 ? '/v1/tickets/tic_0000000000000000000000' : '/v1/plans'}`, {
      headers,
    });
  await sendTicket(page, 'Which plan fits a fleet of 900 meters?');
  await eventually(
    async () => {
      await page.goto('/home');
      await page.getByText(String(CALLS)).first().waitFor({ timeout: 5000 });
    },
    { timeoutMs: 90_000, everyMs: 1000 },
  );
  await take(page, join(DOCS, 'home.png'));
  await page.goto('/keys');
  await take(page, join(DOCS, 'keys.png'));
}

async function healingPictures(): Promise<void> {
  const { page } = await running.open({ viewport: VIEWPORT, reducedMotion: 'reduce' });
  await logInAsAdmin(page, running);
  await page.getByText('Everything is healthy.').waitFor({ timeout: 60_000 });
  process.kill(running.portal.pid('billing'), 'SIGKILL');
  const latest = page
    .getByRole('region', { name: 'Latest incidents' })
    .getByRole('link', { name: /billing/i });
  await latest.first().waitFor({ timeout: 60_000 });
  process.kill(running.portal.pid('support'), 'SIGSTOP');
  const open = page.getByRole('region', { name: 'Open incidents' }).getByRole('link', { name: /support/i });
  await open.first().waitFor({ timeout: 60_000 });
  for (const theme of ['light', 'dark'] as const)
    await take(page, join(LANDING, `healing-${theme}.png`), theme);
  await page.getByText('Everything is healthy.').waitFor({ timeout: 90_000 });
  await latest.first().click();
  await page.getByRole('region', { name: 'Timeline' }).waitFor();
  await take(page, join(DOCS, 'incident.png'));
}

try {
  await partnerPictures();
  await healingPictures();
} finally {
  await running.stop();
}
