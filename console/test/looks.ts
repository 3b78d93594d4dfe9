import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { inaccessibleOn } from './axe.ts';
import { chooseGrowth } from './billing.ts';
import type { ConsoleUnderTest, WatchedPage } from './console-under-test.ts';
import { logInAsAdmin, sendTicket, signUp } from './people.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** Opens a page and waits until it has loaded. The event stream never ends, so the network is never idle. */
export async function show(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.locator('[aria-label=Loading]').first().waitFor({ state: 'hidden' });
}

type Who = 'visitor' | 'partner' | 'admin';
const whoSees = (path: string): Who => {
  if (
    [
      ...['/login', '/signup', '/forgot-password', '/reset-password', '/confirm-email', '/invitation'],
      ...['/authorize', '/log-in/callback'],
    ].includes(path)
  )
    return 'visitor';
  return path.startsWith('/admin') ? 'admin' : 'partner';
};
/** The paths of pages.ts, read from its text, since its types need a browser. */
const PATHS = [
  ...readFileSync(join(import.meta.dirname, '..', 'src', 'pages.ts'), 'utf8').matchAll(
    /^ {4}path: '([^']+)'/gm,
  ),
].map(([, path]) => path as string);

/** Tests every page of the table, in both themes and on a phone. */
export function looks(running: () => ConsoleUnderTest): void {
  const people = {} as Record<Who, WatchedPage>;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    const options = { reducedMotion: 'reduce', viewport: DESK } as const;
    for (const who of ['visitor', 'partner', 'admin'] as const) people[who] = await running().open(options);
    await signUp(people.partner.page);
    ids['/support/:id'] = await sendTicket(people.partner.page, 'Which plan fits?');
    ids['/billing/invoices/:id'] = await chooseGrowth(people.partner.page);
    await logInAsAdmin(people.admin.page, running());
    const { client, admin } = running().portal;
    const first = async (path: string): Promise<string> =>
      (await client.get<{ data: { id: string }[] }>(path, { token: admin })).data[0]?.id ?? '';
    ids['/admin/healing/incidents/:id'] = await first('/v1/admin/incidents?limit=1');
    ids['/admin/billing/invoices/:id'] = ids['/billing/invoices/:id'];
    ids['/admin/plans/:id'] = await first('/v1/admin/plan-versions?limit=1');
    ids['/admin/healing/health/:component'] = 'service:auth';
    ids['/admin/partners/:id'] = await first('/v1/admin/partners?limit=1');
  }, 120_000);

  it('are as many as in the table', () => expect(PATHS.length).toBeGreaterThan(20));

  it.each(PATHS)(
    '%s is accessible in both themes, fits a phone, violates no policy and shows no error',
    async (path) => {
      const { page, faults } = people[whoSees(path)];
      if (path.includes(':')) expect(ids[path]).toMatch(/^[a-z]+[_:]/);
      await page.setViewportSize(DESK);
      await page.emulateMedia({ colorScheme: 'light' });
      await show(page, path.replace(/:\w+$/, ids[path] ?? ''));
      expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
      expect(await inaccessibleOn(page)).toEqual([]);
      await page.setViewportSize(PHONE);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
      expect(faults).toEqual([]);
    },
    60_000,
  );

  it('/settings fits a phone for an admin, whose session by token has the widest row', async () => {
    const { page } = people.admin;
    await page.setViewportSize(PHONE);
    await show(page, '/settings');
    await page.getByText('A program, by token').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
  });
}
