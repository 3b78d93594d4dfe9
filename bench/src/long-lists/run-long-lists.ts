import { loadavg } from 'node:os';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../../infra/local/src/install/find-browser.ts';
import type { BenchOptions } from '../bench-options.ts';
import { type Portal, startPortal } from '../request-path/start-portal.ts';
import { median, table } from '../table.ts';
import { ENTRIES, INCIDENTS, KEYS, seedRows, TICKETS } from './seed-rows.ts';
import { PageWatch, type Watched } from './watch-page.ts';

const ROW = 'main tbody tr';
/** The entries outside of a group. */
const ENTRY = 'main ol:not(details ol) > li';

interface List {
  readonly name: string;
  readonly who: 'partner' | 'admin';
  readonly address: string;
  readonly api: string;
  readonly row: string;
  /** The button that shows more, and the row that changes then; null: the page shows everything. */
  readonly more: string;
  readonly next: string;
}

const listsOf = (longIncident: string): List[] => {
  const list = { row: ROW, next: ROW, more: 'Older' } as const;
  return [
    { ...list, name: `${KEYS} keys`, who: 'partner', address: '/keys', api: '/v1/api-keys' },
    { ...list, name: `${TICKETS} tickets`, who: 'partner', address: '/support', api: '/v1/tickets' },
    {
      ...list,
      ...{ name: `${TICKETS} tickets, admin`, who: 'admin', address: '/admin/tickets' },
      api: '/v1/admin/tickets',
    },
    {
      ...list,
      ...{ name: `${INCIDENTS} incidents`, who: 'admin', address: '/admin/healing/incidents' },
      api: '/v1/admin/incidents',
    },
    {
      ...{ name: `${ENTRIES} entries`, who: 'admin', address: `/admin/healing/incidents/${longIncident}` },
      ...{ api: `/v1/admin/incidents/${longIncident}`, row: ENTRY },
      ...{ more: 'Show', next: `${ENTRY}:nth-child(201)` },
    },
  ];
};

/**
 * How smoothly a browser shows long lists, in a portal that really runs. Returns figures without a judgement.
 */
export async function runLongLists({ rounds, say }: BenchOptions) {
  const file = findBrowser();
  if (!file) throw new Error('no Chromium or Chrome is installed');
  const portal = await startPortal();
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  const browser = await chromium.launch({ executablePath: file, args });
  try {
    const longIncident = await seedRows(portal.databaseUrl, portal.partnerId, portal.userId);
    say('rows seeded');
    const contexts = {
      partner: await loggedIn(await browser.newContext(context(portal)), portal.login),
      admin: await loggedIn(await browser.newContext(context(portal)), portal.admin),
    };
    const figures: Record<string, unknown>[] = [];
    for (const list of listsOf(longIncident)) {
      const seen: Measured[] = [];
      for (let round = 0; round < rounds; round++)
        seen.push(await measure(browser, contexts[list.who], list));
      figures.push({ list: list.name, ...summed(seen) });
      say(`${list.name} measured`);
    }
    const head = ['list', ...Object.keys(figures[0] ?? {}).slice(1)];
    const text = [
      table(
        head,
        figures.map((row) => Object.values(row).map(String)),
      ),
      '',
      'Milliseconds. Tasks: by the clock / of the processor. Load average: '.concat(
        loadavg()
          .map((load) => load.toFixed(1))
          .join(', '),
      ),
    ].join('\n');
    return { suite: 'long-lists', figures, text };
  } finally {
    await browser.close();
    await portal.stop();
  }
}

const context = ({ url }: Portal) => ({ baseURL: url, viewport: { width: 1280, height: 800 } });

async function loggedIn(
  opened: BrowserContext,
  person: { readonly email: string; readonly password: string },
): Promise<BrowserContext> {
  const page = await opened.newPage();
  await page.goto('/login');
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
  await page.close();
  return opened;
}

interface Measured {
  readonly first: Watched;
  readonly more: Watched;
  readonly scroll: Omit<Watched, 'firstRowMs'>;
}

async function measure(
  browser: Browser,
  opened: BrowserContext,
  { address, row, next, api, more }: List,
): Promise<Measured> {
  const page: Page = await opened.newPage();
  const watch = await PageWatch.on(page, browser);
  const first = await watch.open(address, row, api);
  const scroll = await watch.scroll();
  const button = page.getByRole('button', { name: new RegExp(`^${more}`) });
  const after = await watch.after(() => button.click(), next, api);
  await page.close();
  return { first, more: after, scroll };
}

/** Medians of the rounds, and the worst task of all rounds. */
function summed(seen: readonly Measured[]): Record<string, number | string> {
  const middle = (of: (one: Measured) => number) => Math.round(median(seen.map(of)));
  const worst = (of: (one: Measured) => number) => Math.round(Math.max(...seen.map(of)));
  const longest = (of: (one: Measured) => Omit<Watched, 'firstRowMs'>): string =>
    `${worst((one) => of(one).longestTaskMs)} / ${worst((one) => of(one).longestTaskCpuMs)}`;
  return {
    'first row': middle(({ first }) => first.firstRowMs),
    'next page': middle(({ more }) => more.firstRowMs),
    'longest task, first': longest(({ first }) => first),
    next: longest(({ more }) => more),
    scrolling: longest(({ scroll }) => scroll),
    'over 100': seen.reduce(
      (sum, { first, more, scroll }) => sum + first.longTasks + more.longTasks + scroll.longTasks,
      0,
    ),
    elements: middle(({ first }) => first.elements),
  };
}
