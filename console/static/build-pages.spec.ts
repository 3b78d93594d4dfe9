import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explorerAddress, operationPath } from '../src/reference/addresses.ts';
import { canBeTried } from '../src/reference/offered.ts';
import { operationsOf, type RawDocument } from '../src/reference/open-api.ts';
import { sdkMethodOf } from '../src/reference/sdk-methods.ts';
import { readOpenApi } from './docs/read-open-api.ts';
import type { SearchEntry } from './docs/search-index.ts';

const SCRIPT_BUDGET_BYTES = 10_000;

/** Addresses that other parts of the product serve: the application and the gateway. */
const ELSEWHERE = [
  /^\/(login|signup|home)$/,
  /^\/explorer$/,
  /^\/applications$/,
  /^\/settings\/security$/,
  /^\/(openapi|asyncapi)\.json$/,
  /^\/problems\/[A-Z][A-Z0-9_.]*$/,
  /^\/problems\/$/,
  /^\/health$/,
  /^\/v1\/plans$/,
  /^\/favicon\.svg$/,
];

describe('the built pages', () => {
  let out: string;
  let pages: { path: string; file: string }[];
  let document: RawDocument;
  const read = (file: string) => readFileSync(join(out, file), 'utf8');
  const htmlOf = (path: string): string => {
    const page = pages.find((one) => one.path === path);
    if (!page) throw new Error(`there is no page ${path}`);
    return read(page.file);
  };

  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), 'pages-'));
    // Runs in a process of its own: the bundler is native code, which Jest's module loader cannot load.
    const code = `import { buildPages } from ${JSON.stringify(join(import.meta.dirname, 'build-pages.ts'))};
      process.stdout.write(JSON.stringify(await buildPages({ out: ${JSON.stringify(out)}, build: 'b42' })));`;
    const flags = ['--conditions=source', '--no-warnings', '--input-type=module', '-e', code];
    pages = JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' }));
    document = await readOpenApi();
  }, 120_000);
  afterAll(() => {
    if (out) rmSync(out, { recursive: true, force: true });
  });

  it('have the expected addresses', () => {
    const paths = pages.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    // The form that the gateway's list of pages requires.
    for (const path of paths) expect(path).toMatch(/^(\/|(\/[a-z0-9.-]+)+)$/);
    for (const path of ['/', '/status', '/docs', '/docs/guides/self-healing', '/docs/scorecard', '/offline'])
      expect(paths).toContain(path);
    expect(pages).toContainEqual({ path: '/not-found', file: 'not-found.html' });
    expect(pages).toContainEqual({ path: '/', file: 'index.html' });
  });

  it('are whole documents with a title, a description and the build', () => {
    for (const { path } of pages) {
      const html = htmlOf(path);
      expect({ path, starts: html.startsWith('<!doctype html>\n<html lang="en">') }).toEqual({
        path,
        starts: true,
      });
      expect({ path, headings: html.match(/<h1[ >]/g)?.length }).toEqual({ path, headings: 1 });
      expect(html).toMatch(/<meta name="description" content="[^"]{10,}">/);
      expect(html).toContain('<meta name="build" content="b42">');
      expect({ path, holes: /undefined|\[object|NaN/.exec(html) }).toEqual({ path, holes: null });
    }
  });

  it('have no inline script, no inline style and nothing from another host', () => {
    for (const { path } of pages) {
      const html = htmlOf(path);
      const found = [
        ...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>/g),
        ...html.matchAll(/<style|\sstyle=|\son[a-z]+="|javascript:/g),
        ...html.matchAll(/(?:src|srcset|action)="(?:https?:)?\/\/[^"]*"/g),
        ...html.matchAll(/<link[^>]*href="(?!\/)[^"]*"/g),
      ].map(([text]) => text);
      expect({ path, found }).toEqual({ path, found: [] });
    }
    for (const name of readdirSync(join(out, 'assets')).filter((file) => file.endsWith('.css')))
      expect(read(`assets/${name}`)).not.toMatch(/url\(|@import|@font-face/);
  });

  it('load at most 10 kB of script each', () => {
    for (const { path } of pages) {
      const scripts = [...htmlOf(path).matchAll(/<script[^>]*\ssrc="\/([^"]+)"/g)].map(
        ([, file]) => file as string,
      );
      const bytes = scripts.reduce((sum, file) => sum + statSync(join(out, file)).size, 0);
      expect(scripts.map((file) => /assets\/([a-z]+)-/.exec(file)?.[1])).toEqual([
        'theme',
        expect.any(String),
      ]);
      expect({ path, bytes, fits: bytes > 0 && bytes <= SCRIPT_BUDGET_BYTES }).toEqual({
        path,
        bytes,
        fits: true,
      });
      expect(scripts.map(read).join('\n')).not.toMatch(
        /innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/,
      );
    }
  });

  it('have no broken links', () => {
    const known = new Set(pages.map(({ path }) => path));
    const broken: string[] = [];
    const index = JSON.parse(read(searchFile())) as SearchEntry[];
    const links = pages
      .flatMap(({ path }) =>
        [...htmlOf(path).matchAll(/<(?:a|link)\s[^>]*href="([^"]*)"/g)].map(([, href]) => ({
          from: path,
          href: href as string,
        })),
      )
      .concat(index.map(({ u }) => ({ from: 'the search', href: u })));
    expect(links.length).toBeGreaterThan(500);
    for (const { from, href } of links) {
      if (/^https:\/\//.test(href)) continue;
      const [address = '', anchor] = href.split('#');
      const path = (address === '' ? from : address).split('?')[0] as string;
      if (path.startsWith('/assets/')) {
        if (!statSync(join(out, path), { throwIfNoEntry: false })) broken.push(`${from}: ${href}`);
        continue;
      }
      if (ELSEWHERE.some((pattern) => pattern.test(path))) continue;
      if (!known.has(path)) broken.push(`${from}: ${href}`);
      else if (anchor && !htmlOf(path).includes(`id="${anchor}"`)) broken.push(`${from}: ${href}`);
    }
    expect(broken).toEqual([]);
  });

  it('have a page for each operation, with all of its errors and both samples', () => {
    const operations = operationsOf(document);
    expect(operations.length).toBeGreaterThan(25);
    for (const operation of operations) {
      const { id, method, path, errors } = operation;
      const html = htmlOf(operationPath(id));
      expect(html).toContain(path);
      const isOffered = html.includes(`href="${explorerAddress(id)}"`);
      expect({ id, isOffered }).toEqual({ id, isOffered: canBeTried(document, operation) });
      expect(html).toMatch(
        new RegExp(`curl (-N |-sS )?${method === 'GET' || method === 'POST' ? '' : `-X ${method}`}`),
      );
      expect(html).toContain('@gridworks/sdk');
      for (const { problems } of errors)
        for (const { code } of problems)
          expect({ id, code, there: html.includes(`/problems/${code}`) }).toEqual({ id, code, there: true });
    }
  });

  it('show a method of the SDK wherever the SDK has one', () => {
    const without = operationsOf(document)
      .filter(({ method, path }) => sdkMethodOf({ method, path }) === null)
      .map(({ path }) => path);
    expect(without).toEqual(['/v1/admin/events', '/v1/events']);
  });

  it('are in the search index, guides and operations', () => {
    const index = JSON.parse(read(searchFile())) as SearchEntry[];
    expect(index.filter(({ u }) => u.startsWith('/docs/api/'))).toHaveLength(operationsOf(document).length);
    expect(index.some(({ u }) => u === '/docs/guides/self-healing#what-heals-by-itself')).toBe(true);
  });

  const searchFile = (): string => {
    const [, file] = /data-search="\/([^"]+)"/.exec(htmlOf('/docs')) ?? [];
    if (!file) throw new Error('the documentation names no search index');
    return file;
  };
});
