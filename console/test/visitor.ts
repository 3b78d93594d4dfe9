import { expect, it } from '@jest/globals';
import type { ConsoleUnderTest } from './console-under-test.ts';
import { signUp } from './people.ts';

const PUBLIC = ['/', '/docs', '/docs/api/list-plans', '/status'];
const DARK = 'rgb(13, 15, 18)';
/** Runs before all scripts of the page. Deferred scripts run after the state is interactive. */
const WATCH_THEME = `document.addEventListener('readystatechange', () => {
  if (document.readyState === 'interactive') globalThis.earlyTheme = document.documentElement.dataset.theme;
})`;

/** Adds up how far parts of the page move without the visitor, as Core Web Vitals does. */
const WATCH_SHIFTS = `globalThis.shifted = 0;
new PerformanceObserver((list) => {
  for (const { value } of list.getEntries()) globalThis.shifted += value;
}).observe({ type: 'layout-shift', buffered: true });`;

/** What somebody sees who is not logged in. */
export function visitor(running: () => ConsoleUnderTest): void {
  it('loads the log-in page without any error in the developer tools', async () => {
    const { page, faults } = await running().open();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    for (const path of ['/login', '/signup']) {
      await page.goto(path);
      await page.getByLabel('Email').waitFor();
      await page.waitForLoadState('networkidle');
    }
    expect(errors).toEqual([]);
    expect(faults).toEqual([]);
  }, 60_000);

  it.each([1280, 390])(
    'sees nothing move when the state comes, in a window of %i pixels',
    async (width) => {
      const { page } = await running().open({ viewport: { width, height: 844 } });
      await page.addInitScript({ content: WATCH_SHIFTS });
      await page.goto('/status');
      await page.locator('[data-components] .component-head').first().waitFor();
      await page.getByText('As of').waitFor();
      // A shift is reported with the frame after it.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      expect(await page.evaluate('globalThis.shifted')).toBeLessThan(0.02);
    },
    60_000,
  );

  it('sees the theme of the console on the public pages, from the first paint and after the log-out', async () => {
    const { page, faults } = await running().open({ colorScheme: 'light' });
    await signUp(page);
    await page.getByRole('button', { name: 'Account and appearance' }).click();
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.addInitScript({ content: WATCH_THEME });
    const expectDark = async () => {
      expect(await page.evaluate('globalThis.earlyTheme')).toBe('dark');
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(DARK);
    };
    for (const path of PUBLIC) {
      await page.goto(path);
      await expectDark();
    }
    await page.goto('/home');
    await page.getByRole('button', { name: 'Account and appearance' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL('**/login');
    await page.goto('/docs');
    await expectDark();
    expect(faults).toEqual([]);
  }, 120_000);
}
