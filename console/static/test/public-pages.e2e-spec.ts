import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { PortalUnderTest } from '../../../infra/chaos/test/portal-under-test.ts';

const CHROMIUM = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';
const PAGES = [
  '/',
  '/status',
  '/docs',
  '/docs/guides/self-healing',
  '/docs/api/open-ticket',
  '/docs/scorecard',
  '/offline',
  '/forbidden',
  '/failed',
  '/nothing/here',
];

interface AxeRun {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: unknown }[];
  }[];
}

describe('the public pages, served by the running portal', () => {
  let out: string;
  let portal: PortalUnderTest;
  let browser: Browser;
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), 'public-pages-'));
    const from = (name: string) => JSON.stringify(join(import.meta.dirname, '..', name));
    // A process of its own: the bundler is native code, which Jest's module loader does not carry.
    const code = `import { writeFileSync } from 'node:fs';
      import { buildPages } from ${from('build-pages.ts')};
      import { listFiles } from ${from('../build/file-list.ts')};
      const out = ${JSON.stringify(out)};
      const pages = await buildPages({ out, build: 'test' });
      writeFileSync(out + '/files.json', JSON.stringify({ build: 'test', files: await listFiles(out, 'test'), pages }));`;
    execFileSync(process.execPath, [
      '--conditions=source',
      '--no-warnings',
      '--input-type=module',
      '-e',
      code,
    ]);
    [portal, browser] = await Promise.all([
      PortalUnderTest.start({ GATEWAY_CONSOLE_DIR: out }),
      chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] }),
    ]);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
    if (out) rmSync(out, { recursive: true, force: true });
  }, 60_000);

  /** Opens a page and gathers what its policy refused and what its script threw. */
  async function open(path: string, options: object = {}): Promise<{ page: Page; faults: string[] }> {
    const context = await browser.newContext({ locale: 'en-GB', baseURL: portal.system.url, ...options });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/i.test(message.text())) faults.push(message.text());
    });
    await page.goto(path);
    return { page, faults };
  }

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(PAGES)(
      '%s has no fault of accessibility and breaks no policy',
      async (path) => {
        const { page, faults } = await open(path, { colorScheme });
        await page.evaluate(axe);
        const { violations } = (await page.evaluate('axe.run()')) as AxeRun;
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target}`)).toEqual([]);
        expect(faults).toEqual([]);
        await page.context().close();
      },
      120_000,
    );
  });

  it('fit on a phone', async () => {
    const { page } = await open('/', { viewport: { width: 390, height: 844 } });
    for (const path of PAGES) {
      await page.goto(path);
      const surplus = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect({ path, surplus }).toEqual({ path, surplus: 0 });
    }
    await page.context().close();
  }, 120_000);

  it('count prices with the plans of the API, and keep the slider in the address', async () => {
    const { page } = await open('/?calls=20000');
    await page.locator('.plan.fits').waitFor();
    expect(await page.locator('.plan.fits h3').textContent()).toBe('Free');
    await page.locator('#calls').press('End');
    expect(new URL(page.url()).searchParams.get('calls')).toBe('50000000');
    expect(await page.locator('[data-plans-note]').textContent()).toContain('No plan lets 50,000,000');
    await page.locator('#calls').fill('9');
    expect(await page.locator('.plan.fits h3').textContent()).toBe('Growth');
    await page.reload();
    await page.locator('.plan.fits').waitFor();
    expect(await page.locator('[data-calls]').textContent()).toBe('1,000,000');
    expect(await page.locator('[data-plans-note]').textContent()).toBe(
      'Growth fits: €109 for 1,000,000 calls in a month.',
    );
    await page.context().close();
  }, 60_000);

  it('say that they do not know when the API cannot be reached', async () => {
    const { page } = await open('/docs');
    await page.route('**/v1/**', (route) => route.abort());
    await page.goto('/');
    await page.getByText('The live figure could not be had just now.').waitFor();
    await page.getByText('The plans could not be loaded: The API could not be reached.').waitFor();
    await page.getByRole('button', { name: 'Break billing' }).click();
    await page.getByText('The demo is not available now').waitFor();
    expect(await page.getByRole('button', { name: 'Break billing' }).isEnabled()).toBe(true);
    await page.goto('/status');
    await page.getByText('The status could not be fetched').waitFor();
    expect(await page.locator('[data-overall]').getAttribute('data-state')).toBe('unknown');
    await page.context().close();
  }, 60_000);

  it('find what is searched for, by the keyboard alone', async () => {
    const { page, faults } = await open('/docs');
    await page.keyboard.press('/');
    await page.keyboard.type('idempotency');
    await page.locator('dialog.search li').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/docs/guides/idempotency');
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('keep the language of the samples, and name the address that they came from', async () => {
    const { page } = await open('/docs/api/open-ticket');
    expect(await page.locator('.panel-curl code').textContent()).toContain(`${portal.system.url}/v1/tickets`);
    await page.getByText('JavaScript SDK', { exact: true }).click();
    await page.goto('/docs/api/list-tickets');
    expect(await page.locator('.panel-sdk').isVisible()).toBe(true);
    expect(await page.locator('.panel-curl').isVisible()).toBe(false);
    await page.context().close();
  }, 60_000);

  it('lead to the first call as they are printed', () => {
    const guide = readFileSync(
      join(import.meta.dirname, '../../../docs/guides/01-getting-started.md'),
      'utf8',
    );
    const commands = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text);
    expect(commands).toHaveLength(5);
    const script = join(out, 'first-call.sh');
    writeFileSync(script, commands.join('\n').replaceAll('http://127.0.0.1:8080', portal.system.url));
    const { stdout, stderr } = spawnSync('sh', ['-eu', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toContain('"total_calls":1');
  }, 60_000);
});
