import type { Pulse } from '@gridworks/contracts';
import type { FrontendReport } from './read-reports.ts';

type BuildFigures = NonNullable<Pulse['frontend']>[number];

/** How long a browser, and a failure in it, counts, in ms. */
export const WINDOW_MS = 300_000;
/** The number of builds that are counted by their name, the served build included. Further ones are counted together. */
export const MOST_BUILDS = 4;
/** The number of browsers of one build that are remembered; the one with the oldest report is forgotten first. */
export const MOST_BROWSERS = 1000;
/** Stands for all builds that are not counted by their name. */
export const OTHER_BUILDS = 'other';
/** The form of a build name that may appear in a mail. The served build is known, so its name is not checked. */
const BUILD_FORM = /^[\w.-]{1,64}$/;
const SAMPLE_LENGTH = 200;

interface Browser {
  readonly seenAt: number;
  /** The time of the last failure; `-Infinity` when the browser reported none. */
  readonly failedAt: number;
}
interface Build {
  /** By network address, the browser with the oldest report first. */
  readonly browsers: Map<string, Browser>;
  sample: BuildFigures['sample'];
}

/**
 * Counts, for each build, the browsers that report and those in which pages fail. A browser is identified by its
 * network address, so that a thousand errors of one browser count once. The memory is bounded. Times are ms of any
 * clock.
 */
export class BrowserTally {
  readonly #builds = new Map<string, Build>();
  readonly #served: string | null;

  /** @param served the build that this gateway serves; null without one */
  constructor(served: string | null) {
    this.#served = served;
  }

  /** Adds the reports of one request of a browser. `requestId` is the id of that request. */
  add(
    { build, reports }: { readonly build: string; readonly reports: readonly FrontendReport[] },
    from: { readonly network: string; readonly requestId: string },
    now: number,
  ): void {
    const failure = reports.find(({ kind }) => kind === 'error' || kind === 'chunk');
    // Extensions of a browser cause policy violations, too: they prove neither a failure nor a page that works.
    if (!failure && !reports.some(({ kind }) => kind === 'vital')) return;
    const known = this.#buildOf(build, now);
    const before = known.browsers.get(from.network);
    known.browsers.delete(from.network);
    known.browsers.set(from.network, {
      seenAt: now,
      failedAt: failure ? now : (before?.failedAt ?? Number.NEGATIVE_INFINITY),
    });
    const [oldest] = known.browsers.keys();
    if (known.browsers.size > MOST_BROWSERS && oldest !== undefined) known.browsers.delete(oldest);
    if (!failure) return;
    const text = failure.message.replaceAll(/\s+/g, ' ').slice(0, SAMPLE_LENGTH);
    known.sample = { message: text, page: failure.path, request_id: from.requestId };
  }

  /** The figures of each build with a recent report. */
  read(now: number): BuildFigures[] {
    this.#forget(now);
    return [...this.#builds].map(([build, { browsers, sample }]) => {
      const failing = [...browsers.values()].filter(({ failedAt }) => now - failedAt < WINDOW_MS).length;
      return { build, browsers: browsers.size, failing, sample: failing > 0 ? sample : null };
    });
  }

  /** A browser's own report names no build; nearly always it is the served one. */
  #buildOf(reported: string, now: number): Build {
    const name = reported === '' ? (this.#served ?? OTHER_BUILDS) : reported;
    if (!this.#builds.has(name)) this.#forget(now);
    const named = [...this.#builds.keys()].filter((one) => one !== this.#served && one !== OTHER_BUILDS);
    const hasPlace =
      name === this.#served ||
      named.includes(name) ||
      (BUILD_FORM.test(name) && named.length < MOST_BUILDS - 1);
    const key = hasPlace ? name : OTHER_BUILDS;
    const build = this.#builds.get(key) ?? { browsers: new Map(), sample: null };
    this.#builds.set(key, build);
    return build;
  }

  #forget(now: number): void {
    for (const [name, { browsers }] of this.#builds) {
      for (const [network, { seenAt }] of browsers) {
        if (now - seenAt < WINDOW_MS) break;
        browsers.delete(network);
      }
      if (browsers.size === 0) this.#builds.delete(name);
    }
  }
}
