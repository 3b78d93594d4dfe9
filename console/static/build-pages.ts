import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { operationsOf } from '../src/reference/open-api.ts';
import type { DocsContent } from './docs/docs-frame.ts';
import { guidePage, readGuides } from './docs/guides.ts';
import { docsIndexPage } from './docs/index.page.ts';
import { operationPage } from './docs/operation.page.ts';
import { readOpenApi } from './docs/read-open-api.ts';
import { scorecardPage } from './docs/scorecard.page.ts';
import { searchIndex } from './docs/search-index.ts';
import { type IslandName, type Page, type Picture, renderPage, type Site } from './html/page.ts';
import { pngSize } from './html/png-size.ts';
import { landingPage } from './landing/landing.page.ts';
import { statusPage } from './status/status.page.ts';
import { shrinkCss } from './styles/shrink-css.ts';
import { systemPages } from './system/system-pages.ts';

export interface BuildOptions {
  /** The folder for the written files; it is created when missing. */
  readonly out: string;
  /** The id of the build, for `<meta name="build">`. */
  readonly build: string;
}

/** A page and its file, relative to `out`. */
export interface BuiltPage {
  readonly path: string;
  readonly file: string;
}

const here = import.meta.dirname;
const documents = join(here, '..', '..', 'docs');
const STYLES = ['../../src/ui/tokens.css', 'base.css', 'frame.css', 'landing.css', 'docs.css', 'status.css'];
const ISLANDS: readonly IslandName[] = ['frame', 'landing', 'status', 'docs'];

/**
 * Writes every public page as an HTML file, with the style sheet, the scripts and the search index that the
 * pages need.
 */
export async function buildPages({ out, build }: BuildOptions): Promise<BuiltPage[]> {
  const write = async (name: string, extension: string, content: string | Buffer): Promise<string> => {
    const hash = createHash('sha256').update(content).digest('base64url').replace(/[-_]/g, '').slice(0, 8);
    const file = join('assets', `${name}-${hash}.${extension}`);
    await save(out, file, content);
    return `/${file}`;
  };
  const [guides, document] = await Promise.all([readGuides(join(documents, 'guides')), readOpenApi()]);
  const content: DocsContent = { guides, operations: operationsOf(document) };
  const styles = await Promise.all(STYLES.map((name) => readFile(join(here, 'styles', name), 'utf8')));
  const site: Site = {
    css: await write('site', 'css', shrinkCss(styles.join('\n'))),
    islands: await bundleIslands(write),
    theme: await bundleIsland(write, 'theme', 'iife'),
    searchIndex: await write('search', 'json', JSON.stringify(searchIndex(content))),
    pictures: await readPictures(write),
    build,
  };
  const pages: Page[] = [
    landingPage(site),
    statusPage(),
    docsIndexPage(content),
    ...guides.map((guide) => guidePage(content, guide)),
    scorecardPage(content, await readFile(join(documents, 'SCORECARD.md'), 'utf8')),
    ...content.operations.map((operation) => operationPage(content, document, operation)),
    ...systemPages(),
  ];
  return Promise.all(
    pages.map(async (page) => {
      const file = page.path === '/' ? 'index.html' : `${page.path.slice(1)}.html`;
      await save(out, file, renderPage(page, site));
      return { path: page.path, file };
    }),
  );
}

async function save(out: string, file: string, content: string | Buffer): Promise<void> {
  const target = join(out, file);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}

type Write = (name: string, extension: string, content: string | Buffer) => Promise<string>;

/** Bundles one script for each entry: a page loads one script file only. */
async function bundleIslands(write: Write): Promise<Record<IslandName, string>> {
  const entries = await Promise.all(
    ISLANDS.map(async (name) => [name, await bundleIsland(write, name, 'esm')] as const),
  );
  return Object.fromEntries(entries) as Record<IslandName, string>;
}

/** Bundles one script. `iife`: for a script that runs at once, where a module would wait for the document. */
async function bundleIsland(write: Write, name: string, format: 'esm' | 'iife'): Promise<string> {
  const bundle = await rolldown({ input: join(here, 'islands', `${name}.ts`), platform: 'browser' });
  const { output } = await bundle.generate({ format, minify: true });
  await bundle.close();
  return write(name, 'js', output[0].code);
}

/** Pictures of the running console, `pictures/NAME.png`, taken by `npm run pictures`. None is no fault. */
async function readPictures(write: Write): Promise<Record<string, Picture>> {
  const folder = join(here, 'pictures');
  const files = await readdir(folder).catch(() => []);
  const pictures = await Promise.all(
    files
      .filter((file) => file.endsWith('.png'))
      .map(async (file) => {
        const bytes = await readFile(join(folder, file));
        const name = file.slice(0, -4);
        return [name, { src: await write(name, 'png', bytes), ...pngSize(bytes) }] as const;
      }),
  );
  return Object.fromEntries(pictures);
}
