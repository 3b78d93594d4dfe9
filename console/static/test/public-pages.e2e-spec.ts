import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPlans } from '@gridworks/contracts';
import { type NatsServer, type RedisServer, startNats, startRedis } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../../infra/local/src/install/find-browser.ts';
import { FakeServices } from '../../../services/gateway/test/fake-services.ts';
import { type GatewayUnderTest, startGateway } from '../../../services/gateway/test/gateway-under-test.ts';
import { inaccessibleOn } from '../../test/axe.ts';

const PAGES = [
  '/',
  '/status',
  '/docs',
  '/docs/guides/self-healing',
  '/docs/api/open-ticket',
  '/docs/scorecard',
  '/problems/PLATFORM.FORBIDDEN',
  '/offline',
  '/forbidden',
  '/failed',
  '/nothing/here',
];

function launch(): Promise<Browser> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('no Chromium or Chrome: `npm test` installs it or says how');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  return chromium.launch({ executablePath, args, timeout: 120_000 });
}

const plan = (id: string, monthly: number, included: number, unit: string, daily: number) => ({
  object: 'plan',
  id,
  name: id,
  currency: 'EUR',
  monthly_price: monthly,
  included_calls: included,
  unit_price: unit,
  limits: { burst_per_minute: 60, daily },
});

describe('the public pages, served by the gateway', () => {
  let out: string;
  let nats: NatsServer;
  let redis: RedisServer;
  let services: FakeServices;
  let gateway: GatewayUnderTest;
  let browser: Browser;

  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), 'public-pages-'));
    const from = (name: string) => JSON.stringify(join(import.meta.dirname, '..', name));
    // Runs in a process of its own: the bundler is native code, which Jest's module loader cannot load.
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
    [nats, redis, browser] = await Promise.all([
      startNats({ withPermissions: true }),
      startRedis(),
      launch(),
    ]);
    services = await FakeServices.start(nats);
    services.on(listPlans, () => ({
      object: 'list',
      url: '/v1/plans',
      has_more: false,
      data: [
        plan('Free', 0, 10_000, '0', 1_000),
        plan('Growth', 4_900, 500_000, '0.012', 50_000),
        plan('Scale', 49_900, 10_000_000, '0.0065', 1_000_000),
      ],
    }));
    gateway = await startGateway({ nats, redisUrl: redis.url, env: { GATEWAY_CONSOLE_DIR: out } });
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
    await services?.stop();
    await Promise.all([nats?.stop(), redis?.stop()]);
    if (out) rmSync(out, { recursive: true, force: true });
  }, 60_000);

  /** Opens a page and collects violations of its policy and errors of its script. */
  async function open(path: string, options: object = {}): Promise<{ page: Page; faults: string[] }> {
    const context = await browser.newContext({ locale: 'en-GB', baseURL: gateway.url, ...options });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/i.test(message.text())) faults.push(message.text());
    });
    await page.goto(path);
    return { page, faults };
  }

  it.each(PAGES)(
    '%s has no accessibility violation in either theme and no policy violation',
    async (path) => {
      const { page, faults } = await open(path, { colorScheme: 'light' });
      expect(await inaccessibleOn(page)).toEqual([]);
      expect(faults).toEqual([]);
      await page.context().close();
    },
    120_000,
  );

  it('frame the page of an error code, with its title and words in place of those of the frame', async () => {
    const { page } = await open('/problems/PLATFORM.FORBIDDEN');
    expect(await page.title()).toBe('PLATFORM.FORBIDDEN · GridWorks Partner Portal');
    expect(await page.locator('main code').first().textContent()).toBe('PLATFORM.FORBIDDEN');
    expect(await page.getByText('There is nothing at this address').count()).toBe(0);
    await page.getByRole('navigation', { name: 'Site' }).waitFor();
    await page.context().close();
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

  it('calculate prices from the plans of the API, and keep the slider in the address', async () => {
    const { page } = await open('/?calls=20000');
    await page.locator('.plan.fits').waitFor();
    expect(await page.locator('.plan.fits h3').textContent()).toBe('Free');
    await page.locator('#calls').press('End');
    expect(new URL(page.url()).searchParams.get('calls')).toBe('50000000');
    expect(await page.locator('[data-plans-note]').textContent()).toContain('No plan permits 50,000,000');
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

  it('show unknown states when the API cannot be reached', async () => {
    const { page } = await open('/docs');
    await page.route('**/v1/**', (route) => route.abort());
    await page.goto('/');
    await page.getByText('The live figure could not be loaded.').waitFor();
    await page.getByText('The plans could not be loaded: The API could not be reached.').waitFor();
    await page.getByRole('button', { name: 'Break billing' }).click();
    await page.getByText('The demo is not available now').waitFor();
    expect(await page.getByRole('button', { name: 'Break billing' }).isEnabled()).toBe(true);
    await page.goto('/status');
    await page.getByText('The status could not be fetched').waitFor();
    expect(await page.locator('[data-overall]').getAttribute('data-state')).toBe('unknown');
    await page.context().close();
  }, 60_000);

  it('have a search that works by the keyboard alone', async () => {
    const { page, faults } = await open('/docs');
    await page.keyboard.press('/');
    await page.keyboard.type('idempotency');
    await page.locator('dialog.search li').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/docs/guides/idempotency');
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('keep the language of the samples, and contain the origin of the page', async () => {
    const { page } = await open('/docs/api/open-ticket');
    expect(await page.locator('.panel-curl code').textContent()).toContain(`${gateway.url}/v1/tickets`);
    await page.getByRole('radio', { name: 'JavaScript SDK' }).check();
    await page.goto('/docs/api/list-tickets');
    expect(await page.locator('.panel-sdk').isVisible()).toBe(true);
    expect(await page.locator('.panel-curl').isVisible()).toBe(false);
    await page.context().close();
  }, 60_000);
});
