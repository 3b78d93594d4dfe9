import type { Browser, Page } from 'playwright-core';
import { mainThreadTasks } from './read-trace.ts';

/** Measurements of a page from the moment when `begin` was called. */
export interface Watched {
  /**
   * From the end of the response, or from the action when there is no request, to the frame that shows the
   * first row.
   */
  readonly firstRowMs: number;
  readonly longestTaskMs: number;
  /** The same in processor time: the duration of the task on a machine without other work. */
  readonly longestTaskCpuMs: number;
  /** Tasks of more than 100 ms of processor time. */
  readonly longTasks: number;
  /** The number of elements of the page at the end. */
  readonly elements: number;
}

const PATIENCE_MS = 60_000;

/** Runs in the page, before anything else: the script of the page itself cannot be longer than it is. */
const WATCH = `(() => {
  const state = (globalThis.__bench = { tasks: [], row: null, selector: null, before: null });
  // What tells rows apart stands at the beginning; behind it are times that change by themselves.
  state.read = () => document.querySelector(state.selector)?.textContent.slice(0, 45) ?? null;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) state.tasks.push({ startTime, duration });
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (state.selector && state.row === null) {
      const found = state.read();
      if (found && found !== state.before) state.row = performance.now();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()`;

interface State {
  readonly row: number;
  readonly responseEnd: number;
  readonly tasks: readonly { readonly startTime: number; readonly duration: number }[];
  readonly elements: number;
}

/** Measures one page while it shows a list. */
export class PageWatch {
  readonly #page: Page;
  readonly #browser: Browser;
  #since = 0;

  private constructor(page: Page, browser: Browser) {
    this.#page = page;
    this.#browser = browser;
  }

  static async on(page: Page, browser: Browser): Promise<PageWatch> {
    await page.addInitScript({ content: WATCH });
    return new PageWatch(page, browser);
  }

  /** Opens an address and waits for the first new element that matches `selector`. */
  async open(address: string, selector: string, api: string): Promise<Watched> {
    this.#since = 0;
    await this.#page.addInitScript({
      content: `globalThis.__bench.selector = ${JSON.stringify(selector)}`,
    });
    await this.#trace();
    await this.#page.goto(address);
    return this.#result(api);
  }

  /** Runs an action on the page that loads other rows. */
  async after(deed: () => Promise<void>, selector: string, api: string): Promise<Watched> {
    this.#since = (await this.#page.evaluate(
      `(() => { performance.clearResourceTimings(); const s = globalThis.__bench; s.row = null; s.selector = ${JSON.stringify(selector)};
        s.before = s.read(); return performance.now(); })()`,
    )) as number;
    await this.#trace();
    await deed();
    return this.#result(api);
  }

  /** Scrolls down to the end, one screen at a time, and back. The first row must be the same as before. */
  async scroll(): Promise<Omit<Watched, 'firstRowMs'>> {
    this.#since = (await this.#page.evaluate('performance.now()')) as number;
    await this.#trace();
    await this.#page.evaluate(`(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const end = () => document.documentElement.scrollHeight - innerHeight;
      for (let y = 0; y < end(); y += innerHeight / 2) { scrollTo(0, y); await frame(); }
      for (let y = end(); y > 0; y -= innerHeight / 2) { scrollTo(0, y); await frame(); }
    })()`);
    const { firstRowMs: _, ...rest } = await this.#result(null);
    return rest;
  }

  /** The policy of the page forbids the code with which Playwright itself waits. */
  async #untilShown(): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await this.#page.evaluate('globalThis.__bench.row !== null'))) {
      if (Date.now() > end) throw new Error(`${this.#page.url()} showed no row in ${PATIENCE_MS} ms`);
      await this.#page.waitForTimeout(50);
    }
  }

  #trace(): Promise<void> {
    return this.#browser.startTracing(this.#page, { categories: ['toplevel', '__metadata'] });
  }

  async #result(api: string | null): Promise<Watched> {
    if (api !== null) await this.#untilShown();
    // A task that ends with the row is reported after it.
    await this.#page.waitForTimeout(300);
    const cpu = mainThreadTasks((await this.#browser.stopTracing()).toString('utf8'));
    const { row, responseEnd, tasks, elements } = (await this.#page.evaluate(`(() => ({
      row: globalThis.__bench.row,
      responseEnd: performance.getEntriesByType('resource')
        .filter(({ name }) => new URL(name).pathname === ${JSON.stringify(api)}).at(-1)?.responseEnd ?? 0,
      tasks: globalThis.__bench.tasks,
      elements: document.querySelectorAll('*').length,
    }))()`)) as State;
    const own = tasks.filter(({ startTime }) => startTime >= this.#since).map(({ duration }) => duration);
    return {
      // Without a request, measured from the action.
      firstRowMs: Math.max(0, row - Math.max(responseEnd, this.#since)),
      longestTaskMs: Math.max(0, ...own),
      longestTaskCpuMs: Math.max(0, ...cpu),
      longTasks: cpu.filter((duration) => duration > 100).length,
      elements,
    };
  }
}
