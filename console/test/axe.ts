import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules that depend on colours. */
const ABOUT_COLOURS = { runOnly: ['color-contrast', 'link-in-text-block'] };
/** What a page shows, without its colours: each element, and whether it is shown. */
const OUTLINE = `[...document.querySelectorAll('*')].map((one) => one.tagName + (one.checkVisibility() ? '+' : '-')).join()`;

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/**
 * What axe finds on a page, first in the light theme, then in the dark one, which the page shows afterwards: violations of WCAG 2.0 to
 * 2.2 A and AA and of best practices. Where the dark theme shows the same elements, only the rules about colours run again. Each violation begins
 * with its theme and rule. The page's policy does not bind axe, since the debugger runs it.
 */
export async function inaccessibleOn(page: Page): Promise<string[]> {
  await page.evaluate(source);
  const found: string[] = [];
  let examined: unknown;
  for (const colorScheme of ['light', 'dark'] as const) {
    // A colour in transition has a contrast of its own.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const outline = await page.evaluate(OUTLINE);
    const rules = outline === examined ? ABOUT_COLOURS : {};
    examined = outline;
    const options = JSON.stringify({ resultTypes: ['violations'], ...rules });
    const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as AxeResult;
    found.push(
      ...violations.map(
        ({ id, nodes }) =>
          `${colorScheme}: ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
      ),
    );
  }
  return found;
}
