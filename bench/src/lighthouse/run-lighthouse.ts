import { launch } from 'chrome-launcher';
import lighthouse, { type RunnerResult } from 'lighthouse';
import { findBrowser } from '../../../infra/local/src/install/find-browser.ts';
import type { BenchOptions } from '../bench-options.ts';
import { startPortal } from '../request-path/start-portal.ts';
import { median, table } from '../table.ts';

/** One page of each kind. */
const PAGES = [
  '/',
  '/status',
  '/docs',
  '/docs/guides/self-healing',
  '/docs/api/open-ticket',
  '/problems/PLATFORM.FORBIDDEN',
  '/login',
  '/signup',
];
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const AUDITS = {
  'largest-contentful-paint': 'LCP ms',
  'total-blocking-time': 'blocked ms',
  'cumulative-layout-shift': 'shift',
} as const;

interface Scores {
  readonly scores: readonly number[];
  readonly audits: readonly number[];
  /** Audits of accessibility and best practices that did not pass. */
  readonly failed: readonly string[];
}

/** What Lighthouse says of the public pages, as a phone on a slow network sees them, in a portal that really runs. */
export async function runLighthouse({ rounds, say }: BenchOptions) {
  const chromePath = findBrowser();
  if (!chromePath) throw new Error('no Chromium or Chrome is installed');
  const portal = await startPortal();
  const browser = await launch({
    chromePath,
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    const figures: Record<string, unknown>[] = [];
    for (const path of PAGES) {
      const seen: Scores[] = [];
      for (let round = 0; round < rounds; round++) {
        const result = await lighthouse(`${portal.url}${path}`, {
          port: browser.port,
          onlyCategories: [...CATEGORIES],
          logLevel: 'error',
        });
        if (!result) throw new Error(`Lighthouse says nothing about ${path}`);
        seen.push(read(result));
      }
      const middle = (of: (one: Scores) => number | undefined) => median(seen.map((one) => of(one) ?? 0));
      figures.push({
        page: path,
        ...Object.fromEntries(CATEGORIES.map((name, i) => [name, middle(({ scores }) => scores[i])])),
        ...Object.fromEntries(
          Object.values(AUDITS).map((name, i) => [name, middle(({ audits }) => audits[i])]),
        ),
        failed: [...new Set(seen.flatMap(({ failed }) => failed))].join(' ') || '-',
      });
      say(`${path} measured`);
    }
    const text = table(
      Object.keys(figures[0] ?? {}),
      figures.map((row) => Object.values(row).map(String)),
    );
    return {
      suite: 'lighthouse',
      figures,
      text: `${text}\n\nMobile, simulated slow network; medians of the rounds.`,
    };
  } finally {
    browser.kill();
    await portal.stop();
  }
}

function read({ lhr }: RunnerResult): Scores {
  const failed = ['accessibility', 'best-practices'].flatMap((name) =>
    (lhr.categories[name]?.auditRefs ?? [])
      .filter(({ id, weight }) => weight > 0 && (lhr.audits[id]?.score ?? 1) < 1)
      .map(({ id }) => id),
  );
  return {
    scores: CATEGORIES.map((name) => Math.round((lhr.categories[name]?.score ?? 0) * 100)),
    audits: Object.keys(AUDITS).map((id) => Math.round((lhr.audits[id]?.numericValue ?? 0) * 1000) / 1000),
    failed,
  };
}
