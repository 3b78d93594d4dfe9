import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A theme changes colours alone, so the dark one is checked by the rules of axe about colours. */
const RUNS = {
  light: {},
  dark: { runOnly: ['color-contrast', 'link-in-text-block'] },
} as const;

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/**
 * What axe finds on a page: violations of WCAG 2.0 to 2.2 A and AA and of best practices in the light theme, then of the rules about
 * colours in the dark one, which the page then shows. Each begins with the theme and the rule. The page's policy does not bind axe, since the debugger
 * runs it.
 */
export async function inaccessibleOn(page: Page): Promise<string[]> {
  await page.evaluate(source);
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    // A colour in transition has a contrast of its own.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const options = JSON.stringify({ resultTypes: ['violations'], ...RUNS[colorScheme] });
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
