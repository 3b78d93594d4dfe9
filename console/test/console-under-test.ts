import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { PortalUnderTest } from '../../infra/chaos/test/portal-under-test.ts';
import { findBrowser } from '../../infra/local/src/install/find-browser.ts';

/** Runs in the page before any other script. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('Content Security Policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile))`;

/** A page with the faults that it had. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts and policy violations, in their order. */
  readonly faults: string[];
}

/** The built console, served by the gateway of a whole running portal, and a real browser. */
export class ConsoleUnderTest {
  readonly portal: PortalUnderTest;
  readonly browser: Browser;
  readonly #contexts: BrowserContext[] = [];

  private constructor(portal: PortalUnderTest, browser: Browser) {
    this.portal = portal;
    this.browser = browser;
  }

  /** Starts the portal, which builds the console when it is outdated, and a browser. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<ConsoleUnderTest> {
    const file = findBrowser();
    if (!file) throw new Error('no Chromium or Chrome: `npm test` installs it or says how');
    const portal = await PortalUnderTest.start(env);
    try {
      const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
      return new ConsoleUnderTest(portal, await chromium.launch({ executablePath: file, args }));
    } catch (error) {
      await portal.stop();
      throw error;
    }
  }

  get url(): string {
    return this.portal.system.url;
  }

  /** Opens a new browser profile with one page. */
  async open(options: BrowserContextOptions = {}): Promise<WatchedPage> {
    const context = await this.browser.newContext({ baseURL: this.url, ...options });
    this.#contexts.push(context);
    return this.tab(context);
  }

  /** Opens one more tab of a profile. */
  async tab(context: BrowserContext): Promise<WatchedPage> {
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (/content security policy|trusted ?type/i.test(message.text()))
        faults.push(`policy: ${message.text()}`);
    });
    await page.addInitScript({ content: REPORT_VIOLATIONS });
    return { page, faults };
  }

  /** Closes all profiles: an open page goes on to read its stream and to draw. */
  async closePages(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close().catch(() => undefined)));
  }

  async stop(): Promise<void> {
    await this.closePages();
    await this.browser.close();
    await this.portal.stop();
  }
}
