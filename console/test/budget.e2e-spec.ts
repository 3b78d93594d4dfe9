import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildConsole } from '../../infra/local/src/build/build-console.ts';

const dist = join(import.meta.dirname, '..', 'dist');
const KB = 1000;
const ENTRY_KB = 115;
const CSS_KB = 12;
const PAGE_KB = 40;

const read = (file: string): string => readFileSync(join(dist, file), 'utf8');
const gzipped = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).byteLength, 0);

interface Part {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

describe('the built console', () => {
  let entry: string[];
  let manifest: Record<string, Part>;
  beforeAll(async () => {
    await buildConsole(join(import.meta.dirname, '..', '..'));
    manifest = JSON.parse(read('manifest.json'));
    entry = [...read('app.html').matchAll(/assets\/[^"]+\.(?:js|css)/g)].map(([file]) => file);
  }, 120_000);

  const filesOf = (name: string, seen = new Set<string>()): Set<string> => {
    const part = manifest[name];
    if (!part || seen.has(part.file)) return seen;
    seen.add(part.file);
    for (const next of part.imports ?? []) filesOf(next, seen);
    return seen;
  };

  it(`begins with at most ${ENTRY_KB} kB of script and ${CSS_KB} kB of style`, () => {
    expect(entry.some((file) => file.endsWith('.js'))).toBe(true);
    expect(gzipped(entry.filter((file) => file.endsWith('.js')))).toBeLessThanOrEqual(ENTRY_KB * KB);
    expect(gzipped(entry.filter((file) => file.endsWith('.css')))).toBeLessThanOrEqual(CSS_KB * KB);
  });

  it(`needs at most ${PAGE_KB} kB more for any page`, () => {
    const pages = Object.keys(manifest).filter((name) => /\.page\.tsx$/.test(name));
    expect(pages.length).toBeGreaterThan(5);
    for (const page of pages) {
      const more = [...filesOf(page)].filter((file) => !entry.includes(file));
      expect({ page, fits: gzipped(more) <= PAGE_KB * KB }).toEqual({ page, fits: true });
    }
  });

  it('has pages that keep to the policy', () => {
    const { files } = JSON.parse(read('files.json')) as { files: { file: string }[] };
    for (const { file } of files.filter(({ file: name }) => name.endsWith('.html'))) {
      const html = read(file);
      expect(html).not.toMatch(/\sstyle=/);
      expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
      expect(html).not.toMatch(/\son\w+=/);
    }
  });

  it('lists every referenced file, and no source map', () => {
    const { files, pages } = JSON.parse(read('files.json')) as {
      files: { path: string; file: string; br: boolean; gzip: boolean }[];
      pages: { path: string; file: string }[];
    };
    for (const { file, br, gzip } of files) {
      expect(file).not.toMatch(/\.map$/);
      for (const end of ['', ...(br ? ['.br'] : []), ...(gzip ? ['.gz'] : [])])
        readFileSync(join(dist, file + end));
    }
    for (const { file } of pages) readFileSync(join(dist, file));
    expect(pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/login', '/home', '/support/:id']),
    );
  });
});
